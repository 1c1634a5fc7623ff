//! What a document says, piece by piece.

/// A content model.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// `XML_CTYPE_…`
    pub kind: i64,
    /// `XML_CQUANT_…`
    pub quantifier: i64,
    /// Name of an element.
    pub name: Option<String>,
    /// Parts.
    pub children: Vec<Model>,
}

/// Where something outside the document is.
#[derive(Clone, Debug, Default)]
pub struct ExternalId {
    /// SYSTEM
    pub system: Option<String>,
    /// PUBLIC
    pub public: Option<String>,
}

/// One event.
#[derive(Clone, Debug)]
pub enum Event {
    /// `<?xml …?>`
    XmlDecl {
        /// version
        version: Option<String>,
        /// encoding
        encoding: Option<String>,
        /// 1, 0, or -1 where nothing is said
        standalone: i64,
    },
    /// `<!DOCTYPE …`
    StartDoctype {
        /// The root element's name.
        name: String,
        /// The external subset.
        id: ExternalId,
        /// There is an internal subset.
        internal: bool,
    },
    /// The end of the document type.
    EndDoctype,
    /// A start tag.
    Start {
        /// Name.
        name: String,
        /// Attributes, those that the DTD adds last.
        attributes: Vec<(String, String)>,
        /// Number of attributes that the tag itself has.
        specified: usize,
        /// Namespaces that the tag declares.
        prefixes: Vec<(Option<String>, Option<String>)>,
    },
    /// An end tag, or the end of an empty element.
    End {
        /// Name.
        name: String,
        /// Prefixes that are not bound any more.
        prefixes: Vec<Option<String>>,
    },
    /// Character data.
    Text(String),
    /// A processing instruction.
    Instruction(String, String),
    /// A comment.
    Comment(String),
    /// `<![CDATA[`
    StartCdata,
    /// `]]>`
    EndCdata,
    /// A declaration of an entity.
    Entity {
        /// Name.
        name: String,
        /// Is it a parameter entity?
        parameter: bool,
        /// Its text, if it is an internal one.
        value: Option<String>,
        /// Where it is, if it is an external one.
        id: ExternalId,
        /// Its notation, if it is not parsed.
        notation: Option<String>,
    },
    /// A declaration of a notation.
    Notation(String, ExternalId),
    /// A declaration of an element.
    Element(String, Model),
    /// A declaration of an attribute.
    Attribute {
        /// The element.
        element: String,
        /// The attribute.
        name: String,
        /// Its type.
        kind: String,
        /// Its default.
        default: Option<String>,
        /// Must it be there, or be the default?
        required: bool,
    },
    /// An entity that was not read: name, is it a parameter entity.
    Skipped(String, bool),
    /// An external entity that is to be read: context, identifier.
    External(Option<String>, ExternalId),
    /// The document depends on something outside.
    NotStandalone,
    /// Nothing but text for the default handler.
    Raw,
}
