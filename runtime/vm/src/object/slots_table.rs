//! The one table that relates dunder names and type slots.
//!
//! Each row: dunder, slot, form. The form says how a Python call of the dunder becomes a call of
//! the slot (wrapper descriptors of native types) and the other way round (classes in Python).
//! Several rows may share a slot (`__add__` and `__radd__`). Order matters where CPython's does.

/// Calls `$m!` with all rows: `dunder slot Form [reflected dunder]? "docstring";`
#[macro_export]
macro_rules! for_each_slot {
    ($m:ident) => { $m! {
        __repr__ repr Unary "Return repr(self).";
        __str__ str_ Unary "Return str(self).";
        __hash__ hash Hash "Return hash(self).";
        __call__ call Call "Call self as a function.";
        __iter__ iter Unary "Implement iter(self).";
        __next__ next Next "Implement next(self).";
        __getattribute__ getattro GetAttr "Return getattr(self, name).";
        __setattr__ setattro SetAttr "Implement setattr(self, name, value).";
        __delattr__ setattro DelAttr "Implement delattr(self, name).";
        __lt__ richcompare CompareLt "Return self<value.";
        __le__ richcompare CompareLe "Return self<=value.";
        __eq__ richcompare CompareEq "Return self==value.";
        __ne__ richcompare CompareNe "Return self!=value.";
        __gt__ richcompare CompareGt "Return self>value.";
        __ge__ richcompare CompareGe "Return self>=value.";
        __get__ descr_get DescrGet "Return an attribute of instance, which is of type owner.";
        __set__ descr_set DescrSet "Set an attribute of instance to value.";
        __delete__ descr_set DescrDelete "Delete an attribute of instance.";
        __init__ init Init "Initialize self.  See help(type(self)) for accurate signature.";
        __del__ del Del "Called when the instance is about to be destroyed.";
        __len__ len Len "Return len(self).";
        __getitem__ getitem Binary "Return self[key].";
        __setitem__ setitem SetItem "Set self[key] to value.";
        __delitem__ setitem DelItem "Delete self[key].";
        __contains__ contains Contains "Return bool(key in self).";
        __add__ concat Concat "Return self+value.";
        __mul__ repeat Repeat "Return self*value.";
        __rmul__ repeat Repeat "Return value*self.";
        __iadd__ inplace_concat Concat "Implement self+=value.";
        __imul__ inplace_repeat Repeat "Implement self*=value.";
        __add__ add Left [__radd__] "Return self+value.";
        __radd__ add Right "Return value+self.";
        __sub__ subtract Left [__rsub__] "Return self-value.";
        __rsub__ subtract Right "Return value-self.";
        __mul__ multiply Left [__rmul__] "Return self*value.";
        __rmul__ multiply Right "Return value*self.";
        __mod__ remainder Left [__rmod__] "Return self%value.";
        __rmod__ remainder Right "Return value%self.";
        __divmod__ divmod Left [__rdivmod__] "Return divmod(self, value).";
        __rdivmod__ divmod Right "Return divmod(value, self).";
        __pow__ power PowLeft [__rpow__] "Return pow(self, value, mod).";
        __rpow__ power PowRight "Return pow(value, self, mod).";
        __neg__ negative Unary "-self";
        __pos__ positive Unary "+self";
        __abs__ absolute Unary "abs(self)";
        __bool__ bool_ Bool "True if self else False";
        __invert__ invert Unary "~self";
        __lshift__ lshift Left [__rlshift__] "Return self<<value.";
        __rlshift__ lshift Right "Return value<<self.";
        __rshift__ rshift Left [__rrshift__] "Return self>>value.";
        __rrshift__ rshift Right "Return value>>self.";
        __and__ and Left [__rand__] "Return self&value.";
        __rand__ and Right "Return value&self.";
        __xor__ xor Left [__rxor__] "Return self^value.";
        __rxor__ xor Right "Return value^self.";
        __or__ or Left [__ror__] "Return self|value.";
        __ror__ or Right "Return value|self.";
        __int__ int Unary "int(self)";
        __float__ float Unary "float(self)";
        __floordiv__ floor_divide Left [__rfloordiv__] "Return self//value.";
        __rfloordiv__ floor_divide Right "Return value//self.";
        __truediv__ true_divide Left [__rtruediv__] "Return self/value.";
        __rtruediv__ true_divide Right "Return value/self.";
        __index__ index Unary "Return self converted to an integer, if self is suitable for use as an index into a list.";
        __matmul__ matrix_multiply Left [__rmatmul__] "Return self@value.";
        __rmatmul__ matrix_multiply Right "Return value@self.";
        __iadd__ inplace_add Inplace "Return self+=value.";
        __isub__ inplace_subtract Inplace "Return self-=value.";
        __imul__ inplace_multiply Inplace "Return self*=value.";
        __imod__ inplace_remainder Inplace "Return self%=value.";
        __ipow__ inplace_power InplacePow "Return self**=value.";
        __ilshift__ inplace_lshift Inplace "Return self<<=value.";
        __irshift__ inplace_rshift Inplace "Return self>>=value.";
        __iand__ inplace_and Inplace "Return self&=value.";
        __ixor__ inplace_xor Inplace "Return self^=value.";
        __ior__ inplace_or Inplace "Return self|=value.";
        __ifloordiv__ inplace_floor_divide Inplace "Return self//=value.";
        __itruediv__ inplace_true_divide Inplace "Return self/=value.";
        __imatmul__ inplace_matrix_multiply Inplace "Return self@=value.";
        __await__ await_ Unary "Return an iterator to be used in await expression.";
        __aiter__ aiter Unary "Return an awaitable, that resolves in asynchronous iterator.";
        __anext__ anext Unary "Return a value or raise StopAsyncIteration.";
    } };
}
