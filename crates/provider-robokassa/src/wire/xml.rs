//! A small reader of XML answers: the texts at given paths, by local names.
//!
//! The document and the vendor's plugin disagree about the namespace, and the plugin matches by local names; so does
//! this. Paths are whole, because `Code` stands in three places of one answer. A document type is refused (it could
//! define entities), and size, depth and number of elements are limited. It must not know what the texts mean.

use quick_xml::{Reader, escape::resolve_xml_entity, events::Event};

/// The deepest nesting read.
const MAX_DEPTH: usize = 32;
/// The most elements read.
const MAX_ELEMENTS: usize = 10_000;

/// Why a text is no answer in XML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlError {
    /// Longer than 1 MiB.
    #[error("{length} bytes of XML, more than is read")]
    TooLong {
        /// How many bytes.
        length: usize,
    },
    /// Not UTF-8.
    #[error("the XML is not UTF-8 from byte {position} on")]
    NotUtf8 {
        /// Where it stops being UTF-8, counted from 0.
        position: usize,
    },
    /// A document type declaration.
    #[error("the XML declares a document type, which is refused")]
    DocumentType,
    /// Deeper than 32 or more than 10 000 elements.
    #[error("the XML has too many elements or nests them too deeply")]
    TooMany,
    /// Broken XML, an unknown entity, or an end in the middle.
    #[error("the XML is broken at byte {position}")]
    Broken {
        /// Where, counted from 0.
        position: u64,
    },
    /// Another document element.
    #[error("the XML is another document than expected")]
    OtherDocument,
    /// One of the asked elements stands twice.
    #[error("the XML has {path} twice")]
    Twice {
        /// Which, from below the document element.
        path: &'static str,
    },
}

/// Reads the texts of `wanted` elements: paths of local names from below the document element, `Result/Code`. An element
/// that is absent is `None`, an empty one is an empty text; white space around texts is dropped.
pub(super) fn texts<const N: usize>(
    body: &[u8],
    root: &str,
    wanted: [&'static str; N],
) -> Result<[Option<String>; N], XmlError> {
    let body = super::trimmed(body);
    if body.len() > super::MAX_ANSWER {
        return Err(XmlError::TooLong { length: body.len() });
    }
    let text =
        std::str::from_utf8(body).map_err(|error| XmlError::NotUtf8 { position: error.valid_up_to() })?;
    let mut reader = Reader::from_str(text);
    let mut walk =
        Walk { root, wanted, found: [const { None }; N], open: Vec::new(), text: String::new(), elements: 0 };
    loop {
        let broken = |at: u64| XmlError::Broken { position: at };
        let event = reader.read_event().map_err(|_| broken(reader.error_position()))?;
        let at = reader.buffer_position();
        match event {
            Event::Start(tag) => walk.start(tag.local_name().into_inner(), at)?,
            Event::Empty(tag) => {
                walk.start(tag.local_name().into_inner(), at)?;
                walk.end()?;
            }
            Event::End(_) => walk.end()?,
            Event::Text(part) => walk.text(&part.xml10_content(), at)?,
            Event::CData(part) => walk.text(&part.xml10_content(), at)?,
            Event::GeneralRef(entity) => match entity.resolve_char_ref() {
                Ok(Some(c)) => walk.text(c.encode_utf8(&mut [0; 4]), at)?,
                Ok(None) => walk.text(resolve_xml_entity(&entity).ok_or(broken(at))?, at)?,
                Err(_) => return Err(broken(at)),
            },
            Event::DocType(_) => return Err(XmlError::DocumentType),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof if walk.open.is_empty() && walk.elements > 0 => return Ok(walk.found),
            Event::Eof => return Err(broken(at)),
        }
    }
}

/// Where the reader stands.
struct Walk<'a, const N: usize> {
    root: &'a str,
    wanted: [&'static str; N],
    found: [Option<String>; N],
    /// Local names of the open elements, the document element first.
    open: Vec<String>,
    /// The text since the last tag.
    text: String,
    elements: usize,
}

impl<const N: usize> Walk<'_, N> {
    fn start(&mut self, name: &str, at: u64) -> Result<(), XmlError> {
        if self.open.is_empty() && self.elements > 0 {
            return Err(XmlError::Broken { position: at });
        }
        if self.open.is_empty() && name != self.root {
            return Err(XmlError::OtherDocument);
        }
        self.elements += 1;
        if self.open.len() == MAX_DEPTH || self.elements > MAX_ELEMENTS {
            return Err(XmlError::TooMany);
        }
        self.open.push(name.to_owned());
        self.text.clear();
        Ok(())
    }

    fn end(&mut self) -> Result<(), XmlError> {
        let path = self.open.get(1..).unwrap_or_default().join("/");
        if let Some(index) = self.wanted.iter().position(|wanted| *wanted == path) {
            if self.found[index].is_some() {
                return Err(XmlError::Twice { path: self.wanted[index] });
            }
            self.found[index] = Some(self.text.trim().to_owned());
        }
        self.open.pop();
        self.text.clear();
        Ok(())
    }

    fn text(&mut self, part: &str, at: u64) -> Result<(), XmlError> {
        if self.open.is_empty() && !part.trim().is_empty() {
            return Err(XmlError::Broken { position: at });
        }
        self.text.push_str(part);
        Ok(())
    }
}
