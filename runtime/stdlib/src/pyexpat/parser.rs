//! `xmlparser` as Python sees it.

use std::cell::{Cell, RefCell};

use taipan_vm::object::{Gc, GcSlot, NativeHeader, Result, Slot, Value};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::list::List;
use taipan_vm::types::str_::text;
use taipan_vm::{NativeObject, Thread, pytype};

use super::decode::Encoding;
use super::engine::{Engine, Options};
use super::{codes, run};

macro_rules! handlers {
    ($($field:ident $name:literal,)*) => {
        /// The handlers.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[allow(missing_docs)]
        pub enum Handler { $($field,)* }

        /// Their names.
        pub const NAMES: &[&str] = &[$($name,)*];

        static HANDLERS: [taipan_vm::call::GetSetDef; NAMES.len()] = [$(
            taipan_vm::call::GetSetDef {
                member: false,
                name: $name,
                get: |th, this| {
                    let p = expect(th, this)?;
                    Ok(th.or_none(p.handlers[Handler::$field as usize].get()))
                },
                set: Some(|th, this, v| {
                    let p = expect(th, this)?;
                    set_handler(th, p, Handler::$field, v)
                }),
                doc: "",
            },
        )*];
    };
}

handlers! {
    StartElement "StartElementHandler",
    EndElement "EndElementHandler",
    Instruction "ProcessingInstructionHandler",
    Text "CharacterDataHandler",
    Unparsed "UnparsedEntityDeclHandler",
    Notation "NotationDeclHandler",
    StartNamespace "StartNamespaceDeclHandler",
    EndNamespace "EndNamespaceDeclHandler",
    Comment "CommentHandler",
    StartCdata "StartCdataSectionHandler",
    EndCdata "EndCdataSectionHandler",
    Default "DefaultHandler",
    DefaultExpand "DefaultHandlerExpand",
    NotStandalone "NotStandaloneHandler",
    External "ExternalEntityRefHandler",
    StartDoctype "StartDoctypeDeclHandler",
    EndDoctype "EndDoctypeDeclHandler",
    Entity "EntityDeclHandler",
    XmlDecl "XmlDeclHandler",
    Element "ElementDeclHandler",
    Attribute "AttlistDeclHandler",
    Skipped "SkippedEntityHandler",
}

/// Number of handlers.
const COUNT: usize = 22;
const _: () = assert!(COUNT == NAMES.len());

/// A parser.
#[repr(C)]
#[derive(NativeObject)]
pub struct Parser {
    head: NativeHeader,
    /// The handlers, by [`Handler`].
    pub handlers: [Slot; COUNT],
    /// Names that were seen, so that each is one object.
    pub interned: GcSlot<Dict>,
    /// `SetBase`
    pub base: Slot,
    /// Character data that waits: strings.
    pub buffer: GcSlot<List>,
    /// Characters in the buffer.
    #[notrace]
    pub buffered: Cell<usize>,
    /// `buffer_size`
    #[notrace]
    pub buffer_size: Cell<usize>,
    /// `buffer_text`
    #[notrace]
    pub buffer_text: Cell<bool>,
    /// `ordered_attributes`
    #[notrace]
    pub ordered: Cell<bool>,
    /// `specified_attributes`
    #[notrace]
    pub specified: Cell<bool>,
    /// A handler is being called.
    #[notrace]
    pub in_handler: Cell<bool>,
    /// `Parse` is under way.
    #[notrace]
    pub parsing: Cell<bool>,
    /// All was parsed.
    #[notrace]
    pub finished: Cell<bool>,
    /// The last error.
    #[notrace]
    pub error: Cell<i32>,
    /// The parser proper.
    #[notrace]
    pub engine: RefCell<Engine>,
}

impl taipan_vm::types::Named for Parser {
    const NAME: &'static str = "pyexpat.xmlparser";
}

fn expect(th: &mut Thread, v: Value) -> Result<Gc<Parser>> {
    th.expect::<Parser>(v)
}

fn set_handler(th: &mut Thread, p: Gc<Parser>, h: Handler, v: Option<Value>) -> Result<()> {
    let Some(v) = v else {
        return Err(th.runtime_error("Cannot delete attribute"));
    };
    if h == Handler::Text {
        // What waits belongs to the handler that was there.
        run::flush(th, p)?;
    }
    let v = th.not_none(Some(v));
    p.handlers[h as usize].set_option(p.header(), v);
    note_handlers(p);
    Ok(())
}

/// Tells the engine which handlers there are.
fn note_handlers(p: Gc<Parser>) {
    let there = |h: Handler| p.handlers[h as usize].get().is_some();
    if let Ok(mut e) = p.engine.try_borrow_mut() {
        e.options.external = there(Handler::External);
        e.options.raw_entities = there(Handler::Default) && !there(Handler::DefaultExpand);
        e.options.not_standalone = there(Handler::NotStandalone);
    }
}

/// The encoding for a name that a caller gives.
fn encoding_named(th: &mut Thread, v: Option<Value>) -> Result<Option<Encoding>> {
    let Some(v) = th.not_none(v) else {
        return Ok(None);
    };
    let Some(name) = text(v) else {
        let got = th.type_name(v);
        return Err(th.type_error(format!(
            "ParserCreate() argument 'encoding' must be str or None, not {got}"
        )));
    };
    Ok(Some(match name.to_ascii_uppercase().as_str() {
        "UTF-8" | "UTF8" => Encoding::Utf8,
        "UTF-16" => Encoding::Unknown,
        "UTF-16LE" => Encoding::Utf16Le,
        "UTF-16BE" => Encoding::Utf16Be,
        "ISO-8859-1" | "LATIN-1" | "LATIN1" => Encoding::Latin1,
        "US-ASCII" | "ASCII" => Encoding::Ascii,
        _ => Encoding::Table(run::table(th, &name)?),
    }))
}

fn new(th: &mut Thread, engine: Engine, interned: Option<Gc<Dict>>) -> Gc<Parser> {
    th.new_native(&PARSER, |head| Parser {
        head,
        handlers: std::array::from_fn(|_| Slot::empty()),
        interned: GcSlot::from_option(interned),
        base: Slot::empty(),
        buffer: GcSlot::empty(),
        buffered: Cell::new(0),
        buffer_size: Cell::new(8192),
        buffer_text: Cell::new(false),
        ordered: Cell::new(false),
        specified: Cell::new(false),
        in_handler: Cell::new(false),
        parsing: Cell::new(false),
        finished: Cell::new(false),
        error: Cell::new(0),
        engine: RefCell::new(engine),
    })
}

/// `ParserCreate`
pub fn create(
    th: &mut Thread,
    encoding: Option<Value>,
    separator: Option<Value>,
    intern: Option<Value>,
) -> Result {
    let encoding = encoding_named(th, encoding)?;
    let separator = match th.not_none(separator) {
        None => None,
        Some(v) => match text(v) {
            Some(s) if s.chars().count() <= 1 => Some(s),
            Some(_) => {
                return Err(th.value_error(
                    "namespace_separator must be at most one character, omitted, or None",
                ));
            }
            None => {
                let got = th.type_name(v);
                return Err(th.type_error(format!(
                    "ParserCreate() argument 'namespace_separator' must be str or None, not {got}"
                )));
            }
        },
    };
    let interned = match intern {
        None => Some(th.new_dict()),
        Some(v) if th.is_none(v) => None,
        Some(v) => match v.downcast::<Dict>() {
            Some(d) => Some(d),
            None => return Err(th.type_error("intern must be a dictionary")),
        },
    };
    let options = Options {
        separator,
        ..Options::default()
    };
    Ok(new(th, Engine::new(encoding, options), interned).value())
}

/// XML parser
#[pytype(name = "xmlparser", module = "pyexpat", flags = NO_INSTANTIATION, table = PARSER, more_getsets = [&HANDLERS])]
impl Parser {
    /// Parse XML data.
    ///
    /// 'isfinal' should be true at end of input.
    #[pymethod(name = "Parse", sig = "(data, isfinal=False, /)")]
    fn parse(th: &mut Thread, this: Gc<Parser>, data: Value, isfinal: Option<bool>) -> Result<i64> {
        let last = isfinal.unwrap_or(false);
        if let Some(s) = data.downcast::<taipan_vm::types::str_::Str>() {
            // Text is what it is, whatever its declaration says.
            if let Ok(mut e) = this.engine.try_borrow_mut()
                && !e.has_begun()
            {
                e.force_encoding(Encoding::Utf8);
            }
            let encoded = th.call_method_str(s.value(), "encode", &[])?;
            let bytes = crate::buffer_bytes(th, encoded)?;
            return run::parse(th, this, &bytes, last, "Parse");
        }
        let bytes = crate::buffer_bytes(th, data)?;
        run::parse(th, this, &bytes, last, "Parse")
    }

    /// Parse XML data from file-like object.
    #[pymethod(name = "ParseFile", sig = "(file, /)")]
    fn parse_file(th: &mut Thread, this: Gc<Parser>, file: Value) -> Result<i64> {
        let read = match th.get_attr_str_option(file, "read")? {
            Some(f) => f,
            None => return Err(th.type_error("argument must have 'read' attribute")),
        };
        let size = th.int(2048);
        loop {
            let got = th.call(read, &[size])?;
            let fits = th.is_instance_of(got, taipan_vm::types::T::Bytes)
                || th.is_instance_of(got, taipan_vm::types::T::ByteArray);
            if !fits {
                let t = th.type_name(got);
                return Err(
                    th.type_error(format!("read() did not return a bytes object (type={t})"))
                );
            }
            let bytes = crate::buffer_bytes(th, got)?;
            if bytes.len() > 2048 {
                let n = bytes.len();
                return Err(th.value_error(format!(
                    "read() returned too much data: 2048 bytes requested, {n} returned"
                )));
            }
            let last = bytes.is_empty();
            let r = run::parse(th, this, &bytes, last, "ParseFile")?;
            if last {
                return Ok(r);
            }
        }
    }

    /// Set the base URL for the parser.
    #[pymethod(name = "SetBase", sig = "(base, /)")]
    fn set_base(th: &mut Thread, this: Gc<Parser>, base: Value) -> Result<()> {
        if text(base).is_none() {
            let got = th.type_name(base);
            return Err(th.type_error(format!("SetBase() argument must be str, not {got}")));
        }
        this.base.set(this.header(), base);
        Ok(())
    }

    /// Return base URL string for the parser.
    #[pymethod(name = "GetBase")]
    fn get_base(_: &mut Thread, this: Gc<Parser>) -> Option<Value> {
        this.base.get()
    }

    /// Return the untranslated text of the input that caused the current event.
    ///
    /// If the event was generated by a large amount of text (such as a start tag
    /// for an element with many attributes), not all of the text may be available.
    #[pymethod(name = "GetInputContext")]
    fn get_input_context(th: &mut Thread, this: Gc<Parser>) -> Option<Value> {
        if !this.in_handler.get() {
            return None;
        }
        let engine = this.engine.try_borrow().ok()?;
        let (text, at) = engine.context()?;
        let text = text.get(at..).unwrap_or(&[]).to_vec();
        drop(engine);
        Some(th.new_bytes(&text).value())
    }

    /// Create a parser for parsing an external entity based on the information passed to the ExternalEntityRefHandler.
    #[pymethod(
        name = "ExternalEntityParserCreate",
        sig = "(context, encoding=None, /)"
    )]
    fn external_entity_parser(
        th: &mut Thread,
        this: Gc<Parser>,
        context: Value,
        encoding: Option<Value>,
    ) -> Result {
        let context = match th.not_none(Some(context)) {
            None => None,
            Some(v) => match text(v) {
                Some(s) => Some(s),
                None => {
                    let got = th.type_name(v);
                    return Err(th.type_error(format!(
                        "ExternalEntityParserCreate() argument 1 must be str or None, not {got}"
                    )));
                }
            },
        };
        let encoding = encoding_named(th, encoding)?;
        let engine = match this.engine.try_borrow() {
            Ok(e) => {
                if context.is_none() {
                    e.note_read();
                }
                e.for_entity(context.as_deref(), encoding)
            }
            Err(_) => return Err(th.runtime_error("the parser is in use")),
        };
        let p = new(th, engine, this.interned.get());
        for (to, from) in p.handlers.iter().zip(&this.handlers) {
            to.set_option(p.header(), from.get());
        }
        p.base.set_option(p.header(), this.base.get());
        p.buffer_size.set(this.buffer_size.get());
        p.buffer_text.set(this.buffer_text.get());
        p.ordered.set(this.ordered.get());
        p.specified.set(this.specified.get());
        Ok(p.value())
    }

    /// Controls parsing of parameter entities (including the external DTD subset).
    ///
    /// Possible flag values are XML_PARAM_ENTITY_PARSING_NEVER,
    /// XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE and
    /// XML_PARAM_ENTITY_PARSING_ALWAYS. Returns true if setting the flag
    /// was successful.
    #[pymethod(name = "SetParamEntityParsing", sig = "(flag, /)")]
    fn set_param_entity_parsing(_: &mut Thread, this: Gc<Parser>, flag: i32) -> bool {
        match this.engine.try_borrow_mut() {
            Ok(mut e) if !e.has_begun() && (0..=2).contains(&flag) => {
                e.options.parameters = flag;
                true
            }
            _ => false,
        }
    }

    /// Allows the application to provide an artificial external subset if one is not specified as part of the document instance.
    ///
    /// This readily allows the use of a 'default' document type controlled by the
    /// application, while still getting the advantage of providing document type
    /// information to the parser. 'flag' defaults to True if not provided.
    #[pymethod(name = "UseForeignDTD", sig = "(flag=True, /)")]
    fn use_foreign_dtd(th: &mut Thread, this: Gc<Parser>, flag: Option<bool>) -> Result<()> {
        if let Ok(mut e) = this.engine.try_borrow_mut()
            && !e.has_begun()
        {
            e.options.foreign = flag.unwrap_or(true);
            return Ok(());
        }
        Err(run::error(
            th,
            this,
            codes::CANT_CHANGE_FEATURE_ONCE_PARSING,
        ))
    }

    /// Enable/Disable reparse deferral; enabled by default with Expat >=2.6.0.
    #[pymethod(name = "SetReparseDeferralEnabled", sig = "(enabled, /)")]
    fn set_reparse_deferral(_: &mut Thread, this: Gc<Parser>, enabled: bool) {
        if let Ok(mut e) = this.engine.try_borrow_mut() {
            e.deferral = enabled;
        }
    }

    /// Retrieve reparse deferral enabled status; always returns false with Expat <2.6.0.
    #[pymethod(name = "GetReparseDeferralEnabled")]
    fn get_reparse_deferral(_: &mut Thread, this: Gc<Parser>) -> bool {
        this.engine.try_borrow().is_ok_and(|e| e.deferral)
    }

    #[pygetter]
    fn intern(_: &mut Thread, this: Gc<Parser>) -> Option<Value> {
        this.interned.get().map(Gc::value)
    }

    #[pygetter]
    fn buffer_size(_: &mut Thread, this: Gc<Parser>) -> usize {
        this.buffer_size.get()
    }

    #[pysetter]
    fn set_buffer_size(th: &mut Thread, this: Gc<Parser>, v: Option<Value>) -> Result<()> {
        let Some(v) = v else {
            return Err(th.type_error("Cannot delete attribute"));
        };
        if !taipan_vm::types::int::is_int(v) {
            return Err(th.type_error("buffer_size must be an integer"));
        }
        let n = match v.as_int() {
            Some(n) => n,
            None => {
                return Err(th.raise(
                    ExceptionClass::OverflowError,
                    "Python int too large to convert to C long",
                ));
            }
        };
        if n <= 0 {
            return Err(th.value_error("buffer_size must be greater than zero"));
        }
        if n > i32::MAX as i64 {
            return Err(th.value_error("buffer_size must not be greater than 2147483647"));
        }
        run::flush(th, this)?;
        this.buffer_size.set(n as usize);
        Ok(())
    }

    #[pygetter]
    fn buffer_text(_: &mut Thread, this: Gc<Parser>) -> bool {
        this.buffer_text.get()
    }

    #[pysetter]
    fn set_buffer_text(th: &mut Thread, this: Gc<Parser>, v: Option<Value>) -> Result<()> {
        let on = flag(th, v)?;
        if !on {
            run::flush(th, this)?;
        }
        this.buffer_text.set(on);
        Ok(())
    }

    #[pygetter]
    fn buffer_used(_: &mut Thread, this: Gc<Parser>) -> usize {
        this.buffered.get()
    }

    #[pygetter]
    fn namespace_prefixes(_: &mut Thread, this: Gc<Parser>) -> bool {
        this.engine.try_borrow().is_ok_and(|e| e.options.prefixes)
    }

    #[pysetter]
    fn set_namespace_prefixes(th: &mut Thread, this: Gc<Parser>, v: Option<Value>) -> Result<()> {
        let on = flag(th, v)?;
        if let Ok(mut e) = this.engine.try_borrow_mut() {
            e.options.prefixes = on;
        }
        Ok(())
    }

    #[pygetter]
    fn ordered_attributes(_: &mut Thread, this: Gc<Parser>) -> bool {
        this.ordered.get()
    }

    #[pysetter]
    fn set_ordered_attributes(th: &mut Thread, this: Gc<Parser>, v: Option<Value>) -> Result<()> {
        let on = flag(th, v)?;
        this.ordered.set(on);
        Ok(())
    }

    #[pygetter]
    fn specified_attributes(_: &mut Thread, this: Gc<Parser>) -> bool {
        this.specified.get()
    }

    #[pysetter]
    fn set_specified_attributes(th: &mut Thread, this: Gc<Parser>, v: Option<Value>) -> Result<()> {
        let on = flag(th, v)?;
        this.specified.set(on);
        Ok(())
    }

    #[pygetter(name = "ErrorCode")]
    fn error_code(_: &mut Thread, this: Gc<Parser>) -> i64 {
        this.error.get() as i64
    }

    #[pygetter(name = "ErrorLineNumber")]
    fn error_line(_: &mut Thread, this: Gc<Parser>) -> u64 {
        position(this).0
    }

    #[pygetter(name = "ErrorColumnNumber")]
    fn error_column(_: &mut Thread, this: Gc<Parser>) -> u64 {
        position(this).1
    }

    #[pygetter(name = "ErrorByteIndex")]
    fn error_byte(_: &mut Thread, this: Gc<Parser>) -> i64 {
        position(this).2
    }

    #[pygetter(name = "CurrentLineNumber")]
    fn line(_: &mut Thread, this: Gc<Parser>) -> u64 {
        position(this).0
    }

    #[pygetter(name = "CurrentColumnNumber")]
    fn column(_: &mut Thread, this: Gc<Parser>) -> u64 {
        position(this).1
    }

    #[pygetter(name = "CurrentByteIndex")]
    fn byte(_: &mut Thread, this: Gc<Parser>) -> i64 {
        position(this).2
    }
}

fn position(p: Gc<Parser>) -> (u64, u64, i64) {
    match p.engine.try_borrow_mut() {
        Ok(mut e) if e.has_begun() => e.position(),
        _ => (1, 0, -1),
    }
}

fn flag(th: &mut Thread, v: Option<Value>) -> Result<bool> {
    match v {
        Some(v) => th.truth(v),
        None => Err(th.runtime_error("Cannot delete attribute")),
    }
}
