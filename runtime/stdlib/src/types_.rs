//! `_types`: the builtin types that have no name among the builtins.

use taipan_vm::object::{Gc, Result};
use taipan_vm::types::module::Module;
use taipan_vm::types::typing::{generic_alias, union};
use taipan_vm::types::{T, namespace};
use taipan_vm::{Thread, pymodule};

/// The module `_types`.
pub struct Types;

const NAMES: &[(&str, T)] = &[
    ("AsyncGeneratorType", T::AsyncGenerator),
    ("BuiltinFunctionType", T::Builtin),
    ("BuiltinMethodType", T::Builtin),
    ("CellType", T::Cell),
    ("ClassMethodDescriptorType", T::ClassMethodDescriptor),
    ("CodeType", T::Code),
    ("CoroutineType", T::Coroutine),
    ("EllipsisType", T::Ellipsis),
    ("FrameType", T::Frame),
    ("FunctionType", T::Function),
    ("GeneratorType", T::Generator),
    ("GetSetDescriptorType", T::GetSet),
    ("LambdaType", T::Function),
    ("MappingProxyType", T::MappingProxy),
    ("MemberDescriptorType", T::Member),
    ("MethodDescriptorType", T::MethodDescriptor),
    ("MethodType", T::BoundMethod),
    ("MethodWrapperType", T::MethodWrapper),
    ("ModuleType", T::Module),
    ("NoneType", T::None),
    ("NotImplementedType", T::NotImplemented),
    ("TracebackType", T::Traceback),
    ("WrapperDescriptorType", T::SlotWrapper),
];

/// Define names for built-in types.
#[pymodule(name = "_types", types = [generic_alias::TYPE, namespace::TYPE])]
impl Types {
    #[pyexec]
    fn exec(th: &mut Thread, module: Gc<Module>) -> Result<()> {
        for (name, t) in NAMES {
            let class = th.vm().ty(*t).value();
            th.dict_set_text(module.namespace(), name, class);
        }
        let class = th.type_for(&union::TYPE).value();
        th.dict_set_text(module.namespace(), "UnionType", class);
        Ok(())
    }
}
