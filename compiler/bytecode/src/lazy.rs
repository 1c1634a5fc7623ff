//! Code objects that are decoded when somebody looks into them.
//!
//! A module's functions are made when it is imported, and most of them are never called. What is
//! needed to make a function (name, counts of parameters, flags) is read at once; the rest of a code
//! object in the carried library stays in the archive until it is run or looked at.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::code::CodeObject;
use crate::pyc;

/// A shared code object, decoded on first use if it was [carried](crate::pyc::unmarshal_carried).
#[derive(Clone)]
pub struct CodeRef(Arc<Shared>);

struct Shared {
    ready: OnceLock<Box<CodeObject>>,
    carried: Option<Carried>,
}

/// What a function needs of its code before it is called; fields as in [`CodeObject`].
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a> {
    pub name: &'a str,
    pub qualname: &'a str,
    pub filename: &'a str,
    pub flags: u32,
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub first_line: u32,
    pub registers: u16,
}

/// Where a carried code object lies, and what was read of it.
pub(crate) struct Carried {
    /// Its encoding.
    pub body: &'static [u8],
    /// The strings of its module.
    pub strings: Arc<Vec<&'static [u8]>>,
    /// Its nesting.
    pub depth: u32,
    /// The file name in place of the stored one.
    pub filename: Arc<str>,
    pub summary: Summary<'static>,
}

impl CodeRef {
    pub(crate) fn carried(carried: Carried) -> CodeRef {
        CodeRef(Arc::new(Shared {
            ready: OnceLock::new(),
            carried: Some(carried),
        }))
    }

    /// Is it the same code object, not only an equal one?
    pub fn is(&self, other: &CodeRef) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Is all of it decoded?
    pub fn is_decoded(&self) -> bool {
        self.0.ready.get().is_some()
    }

    /// What is known without decoding the rest.
    pub fn summary(&self) -> Summary<'_> {
        if let (None, Some(c)) = (self.0.ready.get(), &self.0.carried) {
            return Summary {
                filename: &c.filename,
                ..c.summary
            };
        }
        let c = &**self;
        Summary {
            name: &c.name,
            qualname: &c.qualname,
            filename: &c.filename,
            flags: c.flags,
            argcount: c.argcount,
            posonlyargcount: c.posonlyargcount,
            kwonlyargcount: c.kwonlyargcount,
            first_line: c.first_line,
            registers: c.registers,
        }
    }
}

impl Deref for CodeRef {
    type Target = CodeObject;

    #[inline]
    fn deref(&self) -> &CodeObject {
        match self.0.ready.get() {
            Some(c) => c,
            None => self.0.ready.get_or_init(|| match &self.0.carried {
                Some(c) => Box::new(pyc::decode_carried(c)),
                None => Box::default(),
            }),
        }
    }
}

impl From<CodeObject> for CodeRef {
    fn from(code: CodeObject) -> CodeRef {
        CodeRef(Arc::new(Shared {
            ready: OnceLock::from(Box::new(code)),
            carried: None,
        }))
    }
}

impl PartialEq for CodeRef {
    fn eq(&self, other: &CodeRef) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || **self == **other
    }
}

impl fmt::Debug for CodeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
