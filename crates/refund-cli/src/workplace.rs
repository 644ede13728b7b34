//! Where a command works: settings found and read, the journal opened, the engine built.

use crate::{
    args::{Global, Run},
    gateways::HttpTools,
    setup::{self, Setup},
    words,
};
use refund_core::{Message, RefundProvider};
use refund_desk::{
    Kind, Problem,
    gateways::Gateway,
    ops,
    settings::{Profile, Settings},
};
use refund_engine::{Engine, EngineBuilder, Halt, Wiring, traffic::Feedback};
use refund_journal::SqliteJournal;
use refund_text::Lang;
use std::{path::PathBuf, sync::Arc};

/// The project's settings file, beside which its relative paths begin.
const PROJECT_FILE: &str = "refund.toml";

/// Reads the settings: the user's file, then the project's (or the one named), then the environment.
pub(crate) fn settings(global: &Global, setup: &Setup) -> Result<Settings, Problem> {
    let mut files = Vec::new();
    if let Some(file) = &global.config {
        let file = setup.folder.join(file);
        if !file.is_file() {
            let message = Message::new(&words::NO_SETTINGS_FILE).with("file", file.display());
            return Err(Problem::new(Kind::Configuration, message).at("--config"));
        }
        files.push(file);
    } else {
        files.extend(user_file().filter(|file| file.is_file()));
        files.extend(Some(setup.folder.join(PROJECT_FILE)).filter(|file| file.is_file()));
    }
    Settings::read(&files, setup.environment.clone())
}

/// The language of messages when the settings have a say: below `--lang` and `REFUND_LANG`, above the locale.
///
/// Settings that cannot be read say so where they are needed; here they only have no say.
pub(crate) fn language(global: &Global, setup: &Setup, found: Lang) -> Result<Lang, Problem> {
    let Some(word) = settings(global, setup).ok().and_then(|settings| settings.lang) else {
        return Ok(found);
    };
    let wrong = |_| {
        let message =
            Message::new(&words::UNKNOWN_LANG).with("lang", refund_core::outcome::sanitize(&word, 40));
        Problem::new(Kind::Configuration, message).at("lang")
    };
    let set = Lang::parse(&word).map_err(wrong)?;
    Ok(global.lang.unwrap_or(set))
}

fn user_file() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "refund")?;
    Some(folders.config_dir().join("config.toml"))
}

/// The gateway of this name.
///
/// Answers with a broken rule of the request; a profile's mistake is one of configuration.
pub(crate) fn known_gateway<'a>(setup: &'a Setup, name: &str) -> Result<&'a Arc<dyn Gateway>, Problem> {
    setup.gateways.iter().find(|gateway| gateway.name() == name).ok_or_else(|| {
        let known: Vec<_> = setup.gateways.iter().map(|gateway| gateway.name()).collect();
        let message = Message::new(&words::UNKNOWN_GATEWAY)
            .with("gateway", refund_core::outcome::sanitize(name, 40))
            .with("known", known.join(", "));
        Problem::new(Kind::Rules, message)
    })
}

/// The gateway a profile names, with the profile checked against it.
pub(crate) fn gateway<'a>(setup: &'a Setup, profile: &Profile) -> Result<&'a dyn Gateway, Problem> {
    let gateway = known_gateway(setup, &profile.gateway).map_err(|problem| {
        Problem { kind: Kind::Configuration, ..problem }.at(format!("profiles.{}.gateway", profile.name))
    })?;
    profile.check_for(&**gateway)?;
    Ok(&**gateway)
}

/// The provider of a profile.
pub(crate) fn provider(setup: &Setup, profile: &Profile) -> Result<Arc<dyn RefundProvider>, Problem> {
    driven(setup, profile).map(|(provider, _)| provider)
}

/// The provider of a profile, and how it is driven: as its gateway describes, with an ear for its complaints.
fn driven(setup: &Setup, profile: &Profile) -> Result<(Arc<dyn RefundProvider>, Wiring), Problem> {
    let feedback = Feedback::default();
    let tools = HttpTools::new(setup.timer.clone(), feedback.clone());
    let provider = gateway(setup, profile)?.build(profile, &tools)?;
    let wiring = Wiring { feedback, ..Wiring::of(&*provider) };
    Ok((provider, wiring))
}

/// The engine, told to stop when this process is.
fn tracked(builder: EngineBuilder) -> Engine {
    let engine = builder.build();
    setup::track(&engine);
    engine
}

/// Opens the journal the arguments, the settings or the system name.
pub(crate) fn journal(
    global: &Global,
    settings: &Settings,
    setup: &Setup,
) -> Result<Arc<SqliteJournal>, Problem> {
    let path = match (&global.journal, &settings.journal) {
        (Some(named), _) => setup.folder.join(named),
        (None, Some(set)) => setup.folder.join(set),
        (None, None) => usual_journal()?,
    };
    let opened = SqliteJournal::open(&path, setup.timer.clone());
    Ok(Arc::new(opened.map_err(|error| ops::halted(Halt::from(error)))?))
}

fn usual_journal() -> Result<PathBuf, Problem> {
    let unusable = |detail: &dyn std::fmt::Display| {
        Problem::new(Kind::Journal, Message::new(&words::NO_JOURNAL).with("detail", detail)).at("journal")
    };
    let folders =
        directories::ProjectDirs::from("", "", "refund").ok_or_else(|| unusable(&"no home folder"))?;
    let folder = folders.data_local_dir();
    create_private(folder).map_err(|error| unusable(&format!("{}: {error}", folder.display())))?;
    Ok(folder.join("journal.sqlite"))
}

fn create_private(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// An engine with every profile whose secrets are at hand: for commands about refunds that exist. A profile without
/// its secrets is left out, and so is one of another place than the journal's refunds of its account were made at; a
/// refund of such an account is then told from the journal alone.
pub(crate) async fn engine_for_all(global: &Global, setup: &Setup) -> Result<Engine, Problem> {
    let settings = settings(global, setup)?;
    let journal = journal(global, &settings, setup)?;
    let mut builder = Engine::builder(journal.clone(), setup.timer.clone());
    for profile in settings.profiles().values() {
        let named = global.profile.as_ref() == Some(&profile.name);
        if global.profile.is_some() && !named {
            continue;
        }
        let (provider, wiring) = match driven(setup, profile) {
            Ok(provider) => provider,
            Err(problem) if named => return Err(problem),
            Err(_) => continue,
        };
        let on_record = journal.origin(&provider.describe().id, &profile.account).await;
        match on_record.map_err(|error| ops::halted(Halt::from(error)))? {
            Some(theirs) if theirs != profile.origin() && named => return Err(other_place(profile, &theirs)),
            Some(theirs) if theirs != profile.origin() => {}
            _ => builder = builder.provider_with(profile.account.clone(), provider, wiring),
        }
    }
    Ok(tracked(builder))
}

/// An engine with one profile: for commands that move money. The journal holds on to where that is, except in a dry
/// run, which writes nothing.
pub(crate) async fn engine_for(
    global: &Global,
    settings: &Settings,
    setup: &Setup,
    profile: &Profile,
    run: Run,
) -> Result<Engine, Problem> {
    let (provider, wiring) = driven(setup, profile)?;
    let journal = journal(global, settings, setup)?;
    let (id, ours) = (&provider.describe().id, profile.origin());
    let theirs = match run {
        Run::Real => journal.bind(id, &profile.account, &ours).await.map(Some),
        Run::Dry => journal.origin(id, &profile.account).await,
    };
    let theirs = theirs.map_err(|error| ops::halted(Halt::from(error)))?;
    if let Some(theirs) = theirs.filter(|theirs| *theirs != ours) {
        return Err(other_place(profile, &theirs));
    }
    let builder = Engine::builder(journal, setup.timer.clone());
    Ok(tracked(builder.provider_with(profile.account.clone(), provider, wiring)))
}

fn other_place(profile: &Profile, theirs: &str) -> Problem {
    let message = Message::new(&words::OTHER_PLACE)
        .with("account", &profile.account)
        .with("theirs", theirs)
        .with("ours", profile.origin());
    Problem::new(Kind::Configuration, message).at(format!("profiles.{}", profile.name))
}
