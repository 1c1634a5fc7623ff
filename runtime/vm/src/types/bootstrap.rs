//! The first objects of an interpreter: singletons, builtin types, exception classes.
//!
//! The order matters: `type` and `object` refer to each other, names are strings, strings need
//! their type's shape (a constant) but not the type object itself.

use crate::Thread;
use crate::object::{Gc, Header, HeapObject, Kind, ShapeId};
use crate::types::object::Instance;
use crate::types::type_::{Type, create};
use crate::types::{ExceptionClass, T};
use crate::vm::{Singletons, Vm};

/// Fills a new interpreter.
pub fn build(vm: &'static Vm) {
    let th = &mut Thread::for_bootstrap(vm);
    let instance = |th: &mut Thread, t: T| {
        th.alloc(Instance {
            head: Header::new(Kind::Instance, t.shape()),
        })
        .value()
    };
    let none = instance(th, T::None);
    let not_implemented = instance(th, T::NotImplemented);
    let ellipsis = instance(th, T::Ellipsis);
    let false_ = th.bootstrap_bool(false);
    let true_ = th.bootstrap_bool(true);
    let empty_tuple = match th.try_new_tuple(&[]) {
        Some(t) => t,
        None => unreachable!("an empty heap has room"),
    };
    let empty_str = th.bootstrap_strings();
    let empty_bytes = match th.try_new_bytes(&[]) {
        Some(b) => b.value(),
        None => unreachable!("an empty heap has room"),
    };
    vm.set_singletons(Singletons {
        none,
        true_,
        false_,
        not_implemented,
        ellipsis,
        empty_tuple,
        empty_str,
        empty_bytes,
    });
    th.take_singletons();
    let names = Box::leak(Box::new(crate::types::names::Names::new(th)));
    vm.names.set(Some(names));
    let modules = th.new_dict();
    vm.modules.set(modules.header(), modules.value());
    let builtins = th.new_dict();
    vm.builtins.set(builtins.header(), builtins.value());

    let mut made: Vec<Gc<Type>> = Vec::new();
    for t in T::ALL {
        let base = match t.def().base {
            Some(b) => vm.registered_type(b),
            None if *t == T::Object => None,
            None => made.first().copied(),
        };
        let class = create::allocate_native(th, t.def(), base, Some(t.shape()));
        made.push(class);
        vm.add_type(class);
    }
    for e in ExceptionClass::ALL {
        let base = match e.base() {
            Some(b) => vm.exception_class(b),
            None => vm.ty(T::Object),
        };
        let class = create::allocate_native(th, e.def(), Some(base), Some(e.shape()));
        made.push(class);
        vm.add_type(class);
    }
    for class in &made {
        create::fill_native(th, *class);
    }
    for e in ExceptionClass::ALL {
        e.add_extra_base(th);
    }
    debug_assert!(Instance::KIND == Kind::Instance && ShapeId::INTERNAL.0 == 1);
}
