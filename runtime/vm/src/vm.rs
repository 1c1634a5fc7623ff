//! An interpreter: everything that its threads share.
//!
//! There are no mutable globals; each `Vm` has its own heap, types, modules and settings.

use std::cell::{Cell, RefCell, UnsafeCell};
use std::ffi::OsString;

use taipan_bytecode::code::Consumer;

use hashbrown::HashTable;
use rustc_hash::FxHashMap;

use crate::object::gc::Heap;
use crate::object::shape::ShapeTable;
use crate::object::{Gc, Slot, Tracer, Value};
use crate::types::dict::Dict;
use crate::types::module::ModuleDef;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{Type, TypeDef, lookup::MethodCache};
use crate::types::{ExceptionClass, T};

/// Objects of which there is one.
#[derive(Clone, Copy)]
pub struct Singletons {
    /// `None`
    pub none: Value,
    /// `True`
    pub true_: Value,
    /// `False`
    pub false_: Value,
    /// `NotImplemented`
    pub not_implemented: Value,
    /// `Ellipsis`
    pub ellipsis: Value,
    /// `()`
    pub empty_tuple: Gc<Tuple>,
    /// `''`
    pub empty_str: Gc<Str>,
    /// `b''`
    pub empty_bytes: Value,
}

/// Where library modules come from that are carried in the binary.
pub trait Library: Sync {
    /// A module's bytecode.
    fn module(&self, name: &str) -> Option<LibraryModule>;
    /// Names of all modules, and whether each is a package.
    fn names(&self) -> Vec<(&'static str, bool)>;
    /// Source text of a module, for tracebacks.
    fn source(&self, name: &str) -> Option<Vec<u8>>;
    /// Contents of a file by its path below the library's directory.
    fn file(&self, path: &str) -> Option<Vec<u8>>;
    /// Paths of all files below the library's directory.
    fn files(&self) -> Vec<String>;
}

/// A module carried in the binary.
pub struct LibraryModule {
    /// Verified bytecode, as `marshal` carries it.
    pub code: &'static [u8],
    /// Is it a package?
    pub package: bool,
    /// Path of its source below the library's directory.
    pub path: String,
}

/// Settings of an interpreter, from the command line and the environment.
#[derive(Clone, Debug)]
pub struct Config {
    /// `-O`: 0, 1, 2.
    pub optimize: u8,
    /// Arguments for `sys.argv`.
    pub argv: Vec<OsString>,
    /// `sys.orig_argv`.
    pub orig_argv: Vec<OsString>,
    /// `sys.executable`.
    pub executable: String,
    /// `-X` options in order.
    pub xoptions: Vec<(String, Option<String>)>,
    /// `-W` options in order.
    pub warnoptions: Vec<String>,
    /// `-B`
    pub dont_write_bytecode: bool,
    /// `-E` or `-I`
    pub ignore_environment: bool,
    /// `-I`
    pub isolated: bool,
    /// `-S`
    pub no_site: bool,
    /// `-s`
    pub no_user_site: bool,
    /// `-i`
    pub inspect: bool,
    /// interactive
    pub interactive: bool,
    /// `-u`
    pub unbuffered: bool,
    /// `-v`
    pub verbose: u8,
    /// `-q`
    pub quiet: bool,
    /// `-b`
    pub bytes_warning: u8,
    /// `-d`
    pub debug: u8,
    /// `-P`
    pub safe_path: bool,
    /// `-X dev`
    pub dev_mode: bool,
    /// `-X warn_default_encoding`
    pub warn_default_encoding: bool,
    /// `-X cpu_count`
    pub cpu_count: Option<usize>,
    /// `-X utf8`
    pub utf8_mode: bool,
    /// `PYTHONPYCACHEPREFIX` or `-X pycache_prefix`.
    pub pycache_prefix: Option<String>,
    /// `--check-hash-based-pycs`: default, always, never.
    pub check_hash_pycs: String,
    /// Seed of string hashing: None is random.
    pub hash_seed: Option<u32>,
    /// `-R`: whatever `PYTHONHASHSEED` says.
    pub random_hashes: bool,
    /// Digits limit of int ↔ str conversion.
    pub int_max_str_digits: usize,
    /// Directories in front of the library on `sys.path`.
    pub module_search_paths: Vec<String>,
    /// Where the files of the library are said to be.
    pub stdlib_dir: String,
    /// `sys.prefix`
    pub prefix: String,
    /// `sys.base_prefix`
    pub base_prefix: String,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            optimize: 0,
            argv: vec![OsString::new()],
            orig_argv: Vec::new(),
            executable: String::new(),
            xoptions: Vec::new(),
            warnoptions: Vec::new(),
            dont_write_bytecode: false,
            ignore_environment: false,
            isolated: false,
            no_site: false,
            no_user_site: false,
            inspect: false,
            interactive: false,
            unbuffered: false,
            verbose: 0,
            quiet: false,
            bytes_warning: 0,
            debug: 0,
            safe_path: false,
            dev_mode: false,
            warn_default_encoding: false,
            cpu_count: None,
            utf8_mode: true,
            pycache_prefix: None,
            check_hash_pycs: "default".into(),
            hash_seed: None,
            random_hashes: false,
            int_max_str_digits: 4300,
            module_search_paths: Vec::new(),
            stdlib_dir: String::new(),
            prefix: String::new(),
            base_prefix: String::new(),
        }
    }
}

/// A thread that Python code has started.
pub trait StartedThread {
    /// Has it ended?
    fn is_done(&self) -> bool;
    /// Says that it has ended, as it has in the child after `fork`.
    fn mark_done(&self);
    /// Its identifier.
    fn ident(&self) -> u64;
    /// Must the program wait for it before it ends?
    fn is_foreground(&self) -> bool;
}

/// See [`Vm::text_hook`]: the file and the string.
pub type TextHook = fn(&mut crate::Thread, Value, Value) -> crate::Result<bool>;

/// Classes of static descriptions that are found without the registry.
const RECENT_TYPES: usize = 128;

/// An interpreter.
pub struct Vm {
    heap: UnsafeCell<Heap>,
    /// All shapes.
    pub shapes: ShapeTable,
    singletons: Cell<Option<Singletons>>,
    pub(crate) types: RefCell<Vec<Gc<Type>>>,
    type_registry: RefCell<FxHashMap<usize, Gc<Type>>>,
    /// Some of it, by bits of the description's address.
    recent_types: [Cell<Option<(usize, Gc<Type>)>>; RECENT_TYPES],
    pub(crate) interned: RefCell<HashTable<Gc<Str>>>,
    /// Those of them that no collection has seen yet.
    pub(crate) newly_interned: RefCell<Vec<Gc<Str>>>,
    latin1: RefCell<Vec<Gc<Str>>>,
    /// See [`crate::machine::character_classes`].
    pub(crate) character_classes: std::cell::OnceCell<Box<[u8; 256]>>,
    /// Have builtin types or singletons been added since the last collection?
    roots_changed: Cell<bool>,
    pub(crate) names: Cell<Option<&'static crate::types::names::Names>>,
    /// Found attributes by class version and name.
    pub method_cache: MethodCache,
    /// Next class version to give out.
    pub next_type_version: Cell<u32>,
    /// Next version of a dict's set of keys to give out.
    pub next_keys_version: Cell<u32>,
    /// `sys.modules`
    pub modules: Slot,
    /// Namespace of the module `builtins`.
    pub builtins: Slot,
    /// Namespace of the module `sys`.
    pub sys: Slot,
    /// Objects that native modules keep for the interpreter's life, by name.
    pub registry: RefCell<FxHashMap<&'static str, Value>>,
    /// `gc.collect`. Only the interpreter's loop calls it: its machine stack is known to hold nothing
    /// that is not in a register, while compiled code leaves stale words.
    pub collector: Cell<Option<&'static crate::call::MethodDef>>,
    /// Native modules that can be imported.
    pub native_modules: RefCell<Vec<&'static ModuleDef>>,
    /// The carried library.
    pub library: Cell<Option<&'static dyn Library>>,
    /// Settings.
    pub config: Config,
    /// Keys of string hashing.
    pub hash_key: (u64, u64),
    /// `sys.setrecursionlimit`
    pub recursion_limit: Cell<usize>,
    chains: Cell<u64>,
    /// `sys.set_int_max_str_digits`
    pub int_max_str_digits: Cell<usize>,
    /// Has something been referred to weakly (by inline caches, lists of subclasses, `codes`) since
    /// the last collection?
    pub(crate) weak_tables_changed: Cell<bool>,
    /// Has code been loaded that reads variables of somebody else's frame? (See `types/code/looks.rs`.)
    pub variables_are_seen: Cell<bool>,
    /// Number of shapes at the last collection.
    pub(crate) swept_shapes: Cell<u32>,
    /// Code objects whose inline caches the collector must look at.
    pub(crate) codes: RefCell<Vec<Gc<crate::types::code::Code>>>,
    /// Next function version to give out.
    pub next_function_version: Cell<u32>,
    /// Number of asyncio tasks that were given a name of their own.
    pub named_tasks: std::cell::Cell<u64>,
    /// All threads of the interpreter, for the collector.
    pub(crate) threads: RefCell<Vec<*const crate::Thread>>,
    /// Runs Python-level signal handlers; set by the signal module.
    pub signal_hook: Cell<Option<fn(&mut crate::Thread) -> crate::Result<()>>>,
    /// Classes of struct sequences by the address of their descriptions.
    struct_classes: RefCell<FxHashMap<usize, Gc<Type>>>,
    /// The interpreter lock.
    pub lock: crate::gil::InterpreterLock,
    /// Values kept alive by number (what is on its way to another thread).
    pub(crate) kept: RefCell<FxHashMap<u64, Value>>,
    pub(crate) next_kept: Cell<u64>,
    /// `_thread.stack_size()`; 0 for the default.
    pub thread_stack_size: Cell<usize>,
    /// Threads that Python code has started, as long as they run.
    pub started_threads: RefCell<Vec<Box<dyn StartedThread>>>,
    /// Ident of the main thread.
    pub main_ident: Cell<u64>,
    /// Bounds of the machine stack of the thread that made the interpreter, and that thread.
    pub(crate) main_stack: Cell<Option<(u64, (usize, usize))>>,
    /// Writes a string to a file that is exactly a native text stream (false: it is not); set by
    /// the module `_io`.
    pub text_hook: Cell<Option<TextHook>>,
    /// Simulates the arrival of a signal; set by the signal module.
    pub raise_signal_hook: Cell<Option<fn(&mut crate::Thread, i64)>>,
    /// Set once the interpreter is shutting down.
    pub finalizing: Cell<bool>,
    /// The compiler to machine code, if there is one.
    pub tier: Cell<Option<&'static dyn crate::tier::TierUp>>,
    /// What compiled code relies on.
    pub assumptions: &'static crate::machine::assumptions::Assumptions,
    /// What compiled code knows of `array.array`, once that module is there.
    pub number_arrays: Cell<Option<crate::machine::arrays::NumberArrays>>,
    /// The builtins that [`Consumer`] numbers.
    consumers: Cell<Option<[Value; Consumer::NAMES.len()]>>,
}

impl Vm {
    /// A number for a chain of generators.
    pub(crate) fn next_chain(&self) -> u64 {
        self.chains.set(self.chains.get() + 1);
        self.chains.get()
    }

    /// A new interpreter with its builtin types; modules are made by `crate::builtins` and `import`.
    /// Lives until the process ends.
    pub fn new(config: Config) -> &'static Vm {
        let hash_key = crate::types::str_::hash_key(config.hash_seed);
        let digits = config.int_max_str_digits;
        let vm: &'static Vm = Box::leak(Box::new(Vm {
            heap: UnsafeCell::new(Heap::new()),
            shapes: ShapeTable::new(T::COUNT as u32 + ExceptionClass::COUNT as u32),
            singletons: Cell::new(None),
            consumers: Cell::new(None),
            types: RefCell::default(),
            type_registry: RefCell::default(),
            recent_types: [const { Cell::new(None) }; RECENT_TYPES],
            interned: RefCell::new(HashTable::with_capacity(4096)),
            newly_interned: RefCell::default(),
            latin1: RefCell::default(),
            character_classes: std::cell::OnceCell::new(),
            roots_changed: Cell::new(true),
            names: Cell::new(None),
            method_cache: MethodCache::new(),
            next_type_version: Cell::new(1),
            next_keys_version: Cell::new(1),
            modules: Slot::empty(),
            builtins: Slot::empty(),
            sys: Slot::empty(),
            registry: RefCell::default(),
            collector: Cell::new(None),
            native_modules: RefCell::default(),
            library: Cell::new(None),
            config,
            hash_key,
            recursion_limit: Cell::new(1000),
            chains: Cell::new(0),
            int_max_str_digits: Cell::new(digits),
            weak_tables_changed: Cell::new(true),
            variables_are_seen: Cell::new(false),
            swept_shapes: Cell::new(0),
            codes: RefCell::default(),
            next_function_version: Cell::new(1),
            named_tasks: std::cell::Cell::new(0),
            threads: RefCell::default(),
            signal_hook: Cell::new(None),
            struct_classes: RefCell::default(),
            lock: crate::gil::InterpreterLock::default(),
            kept: RefCell::default(),
            next_kept: Cell::new(1),
            thread_stack_size: Cell::new(0),
            started_threads: RefCell::default(),
            main_ident: Cell::new(crate::interp::frame::thread_ident()),
            main_stack: Cell::new(None),
            text_hook: Cell::new(None),
            raise_signal_hook: Cell::new(None),
            finalizing: Cell::new(false),
            tier: Cell::new(None),
            assumptions: Box::leak(Box::default()),
            number_arrays: Cell::new(None),
        }));
        vm.connect_assumptions();
        crate::types::bootstrap::build(vm);
        vm.configure_heap();
        vm
    }

    #[allow(unsafe_code)]
    fn connect_assumptions(&self) {
        // SAFETY: the interpreter is being made; nobody else has a reference to its heap.
        unsafe { (*self.heap.get()).set_assumptions(self.assumptions) }
    }

    pub(crate) fn heap_cell(&self) -> &UnsafeCell<Heap> {
        &self.heap
    }

    /// The one-of-a-kind objects.
    #[inline(always)]
    pub fn singletons(&self) -> Singletons {
        match self.singletons.get() {
            Some(s) => s,
            None => unreachable!("used before bootstrap"),
        }
    }

    /// The builtin that a [`Consumer`] stands for; None before there is a module `builtins`.
    pub fn consumer(&self, which: usize) -> Option<Value> {
        self.consumers.get()?.get(which).copied()
    }

    pub(crate) fn set_consumers(&self, functions: [Value; Consumer::NAMES.len()]) {
        self.roots_changed.set(true);
        self.consumers.set(Some(functions));
    }

    pub(crate) fn set_singletons(&self, s: Singletons) {
        self.roots_changed.set(true);
        self.singletons.set(Some(s));
    }

    /// The strings of one Latin-1 character, by its code, and the empty one.
    pub(crate) fn set_latin1(&self, strings: Vec<Gc<Str>>) {
        self.roots_changed.set(true);
        *self.latin1.borrow_mut() = strings;
    }

    /// The string of a Latin-1 character, 256 for the empty one, once they are made.
    #[inline]
    pub(crate) fn latin1(&self, c: usize) -> Option<Gc<Str>> {
        self.latin1.borrow().get(c).copied()
    }

    /// Where those strings lie.
    pub(crate) fn latin1_address(&self) -> *const Gc<Str> {
        self.latin1.borrow().as_ptr()
    }

    /// A builtin type.
    #[inline(always)]
    pub fn ty(&self, t: T) -> Gc<Type> {
        self.types.borrow()[t as usize]
    }

    /// A builtin exception class.
    pub fn exception_class(&self, e: ExceptionClass) -> Gc<Type> {
        self.types.borrow()[T::COUNT + e as usize]
    }

    /// Adds the next builtin type or exception class.
    pub(crate) fn add_type(&self, class: Gc<Type>) {
        self.roots_changed.set(true);
        self.types.borrow_mut().push(class);
    }

    /// The class that was made for a static description, if it was.
    pub fn registered_type(&self, def: &'static TypeDef) -> Option<Gc<Type>> {
        let address = def as *const TypeDef as usize;
        let recent = &self.recent_types[(address >> 6) % RECENT_TYPES];
        match recent.get() {
            Some((a, t)) if a == address => Some(t),
            _ => {
                let t = self.type_registry.borrow().get(&address).copied()?;
                recent.set(Some((address, t)));
                Some(t)
            }
        }
    }

    pub(crate) fn register_type(&self, def: &'static TypeDef, t: Gc<Type>) {
        self.roots_changed.set(true);
        self.type_registry
            .borrow_mut()
            .insert(def as *const TypeDef as usize, t);
    }

    /// The class of struct sequences with a description at this address, if it was made.
    pub(crate) fn struct_class(&self, description: usize) -> Option<Gc<Type>> {
        self.struct_classes.borrow().get(&description).copied()
    }

    pub(crate) fn set_struct_class(&self, description: usize, class: Gc<Type>) {
        self.roots_changed.set(true);
        self.struct_classes.borrow_mut().insert(description, class);
    }

    /// `sys.modules`
    pub fn modules_dict(&self) -> Gc<Dict> {
        match self.modules.get().and_then(|v| v.downcast::<Dict>()) {
            Some(d) => d,
            None => unreachable!("used before bootstrap"),
        }
    }

    /// Namespace of `builtins`.
    pub fn builtins_dict(&self) -> Gc<Dict> {
        match self.builtins.get().and_then(|v| v.downcast::<Dict>()) {
            Some(d) => d,
            None => unreachable!("used before bootstrap"),
        }
    }

    /// Namespace of `sys`.
    pub fn sys_dict(&self) -> Gc<Dict> {
        match self.sys.get().and_then(|v| v.downcast::<Dict>()) {
            Some(d) => d,
            None => unreachable!("used before bootstrap"),
        }
    }

    /// Reports everything the interpreter itself holds (stacks are scanned apart); in a young
    /// collection, of what is only added to, what was added since the last one.
    pub fn trace(&self, tracer: &mut Tracer) {
        let newly_interned = self.newly_interned.take();
        if tracer.is_young() {
            for s in newly_interned {
                tracer.pointer(s);
            }
        } else {
            for s in self.interned.borrow().iter() {
                tracer.pointer(*s);
            }
        }
        if self.roots_changed.replace(false) || !tracer.is_young() {
            self.trace_lasting(tracer);
        }
        for slot in [&self.modules, &self.builtins, &self.sys] {
            tracer.slot(slot);
        }
        for v in self.registry.borrow().values() {
            tracer.value(*v);
        }
        for v in self.kept.borrow().values() {
            tracer.value(*v);
        }
        self.method_cache.trace(tracer);
    }

    /// Reports what `roots_changed` is about.
    fn trace_lasting(&self, tracer: &mut Tracer) {
        if let Some(s) = self.singletons.get() {
            for v in [
                s.none,
                s.true_,
                s.false_,
                s.not_implemented,
                s.ellipsis,
                s.empty_bytes,
            ] {
                tracer.value(v);
            }
            tracer.pointer(s.empty_tuple);
            tracer.pointer(s.empty_str);
        }
        for v in self.consumers.get().iter().flatten() {
            tracer.value(*v);
        }
        for t in self
            .types
            .borrow()
            .iter()
            .chain(self.type_registry.borrow().values())
            .chain(self.struct_classes.borrow().values())
        {
            tracer.pointer(*t);
        }
        for s in self.latin1.borrow().iter() {
            tracer.pointer(*s);
        }
    }

    /// The value of an `-X` option: None when absent, `Some(None)` when given without value.
    pub fn xoption(&self, name: &str) -> Option<Option<&str>> {
        self.config
            .xoptions
            .iter()
            .rev()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_deref())
    }
}
