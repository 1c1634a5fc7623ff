//! The sets of modules that the project's goals are stated for.

/// Syntax, the data model, and what stands on it.
pub const LANGUAGE: &str = "\
test_grammar test_syntax test_compile test_scope test_global test_augassign test_binop test_bool \
test_class test_descr test_descrtut test_super test_metaclass test_property test_decorators \
test_dynamicclassattribute test_funcattrs test_keywordonlyarg test_positional_only_arg test_call \
test_extcall test_unpack test_unpack_ex test_patma test_fstring test_tstring test_string_literals \
test_named_expressions test_listcomps test_setcomps test_dictcomps test_genexps test_generators \
test_generator_stop test_yield_from test_coroutines test_asyncgen test_with test_exceptions \
test_exception_group test_except_star test_raise test_exception_variations test_traceback \
test_type_params test_type_aliases test_type_annotations test_type_comments test_opcodes test_pow \
test_contains test_compare test_richcmp test_hash test_index test_builtin test_frame \
test_sys_settrace test_gc test_weakref test_finalization test_import test_module test_types \
test_genericalias test_typing test_abc test_dataclasses test_enum";

/// The builtin types and the modules closest to them.
pub const TYPES: &str = "\
test_int test_int_literal test_long test_float test_strtod test_complex test_numeric_tower \
test_fractions test_str test_bytes test_memoryview test_list test_userlist test_tuple test_dict \
test_dictviews test_userdict test_ordered_dict test_set test_range test_slice test_iter \
test_enumerate test_format test_bigmem test_bigaddrspace test_copy test_copyreg test_reprlib \
test_collections test_deque test_defaultdict test_itertools test_functools test_operator \
test_heapq test_bisect test_array test_struct test_math test_cmath test_random test_re test_string \
test_textwrap test_codecs test_unicode_identifiers test_contextlib test_context test_print test_eof \
test_io";

/// Whether a module belongs to a set; a folder's modules go by the folder's name.
pub fn contains(set: &str, module: &str) -> bool {
    let head = module.split('.').next().unwrap_or(module);
    set.split(' ').any(|name| name == head)
}
