//! Names that the runtime itself uses, interned once.

use crate::Thread;
use crate::object::Gc;
use crate::types::str_::Str;

macro_rules! names {
    ($($name:ident)*) => {
        /// The interned names.
        #[allow(missing_docs, non_snake_case)]
        pub struct Names { $(pub $name: Gc<Str>,)* }

        impl Names {
            /// Interns them all.
            pub fn new(th: &mut Thread) -> Names {
                Names { $($name: th.intern(stringify!($name)),)* }
            }
        }
    };
}

names! {
    __abs__ __abstractmethods__ __add__ __aenter__ __aexit__ __aiter__ __all__ __and__ __anext__
    __annotate__ __annotations__ __annotate_func__ __annotations_cache__ __args__ __await__ __bases__ __bool__ __build_class__
    __builtins__ __bytes__ __cached__ __call__ __cause__ __ceil__ __class__ __class_getitem__
    __classcell__ __classdict__ __classdictcell__ __complex__ __contains__ __context__ __copy__ __deepcopy__
    __defaults__ __del__ __delattr__ __delete__ __delitem__ __dict__ __dir__ __divmod__ __doc__
    __enter__ __eq__ __exit__ __file__ __firstlineno__ __float__ __floor__ __floordiv__ __format__
    __ge__ __get__ __getattr__ __getattribute__ __getitem__ __getnewargs__ __getnewargs_ex__
    __getstate__ __globals__ __gt__ __hash__ __iadd__ __iand__ __ifloordiv__ __ilshift__
    __imatmul__ __imod__ __import__ __imul__ __index__ __init__ __init_subclass__ __instancecheck__
    __int__ __invert__ __ior__ __ipow__ __irshift__ __isabstractmethod__ __isub__ __iter__
    __itruediv__ __ixor__ __kwdefaults__ __le__ __len__ __length_hint__ __loader__ __lshift__ __lt__
    __main__ __match_args__ __matmul__ __missing__ __mod__ __module__ __mro_entries__ __mul__
    __name__ __ne__ __neg__ __new__ __next__ __notes__ __objclass__ __or__ __orig_bases__ __origin__
    __package__ __parameters__ __path__ __pos__ __pow__ __prepare__ __qualname__ __radd__ __rand__
    __rdivmod__ __reduce__ __reduce_ex__ __release_buffer__ __buffer__ __repr__ __reversed__ __rfloordiv__ __rlshift__
    __rmatmul__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ __rsub__
    __rtruediv__ __rxor__ __self__ __set__ __set_name__ __setattr__ __setitem__ __setstate__
    __sizeof__ __slots__ __spec__ __static_attributes__ __str__ __sub__ __subclasscheck__
    __subclasshook__ __suppress_context__ __text_signature__ __traceback__ __truediv__ __trunc__
    __type_params__ __typing_subst__ __typing_prepare_subst__ __unpacked__ __weakref__ __wrapped__ __xor__
    args name path value code send throw close mro keys items values get append extend update
    copy add pop read readline write flush fileno encoding errors mode closed buffer line_buffering
    builtins sys modules argv stdin stdout stderr displayhook excepthook last_exc last_type
    last_value last_traceback meta_path path_hooks path_importer_cache tracebacklimit
    _find_and_load _handle_fromlist _initializing _uninitialized_submodules find_spec loader
    metaclass sep end file key default reverse strict obj msg offset filename lineno text
    print_file_and_line end_lineno end_offset __debug__ reversed isatty name_from _blksize
    call_soon context cancel get_loop get_debug is_running add_done_callback _loop result
    _asyncio_future_blocking copyreg __newobj__ __newobj_ex__ __slotnames__ _slotnames _reduce_ex
}

impl Thread {
    /// The interned names.
    #[inline(always)]
    pub fn names(&self) -> &'static Names {
        match self.vm().names.get() {
            Some(n) => n,
            None => unreachable!("used before bootstrap"),
        }
    }
}
