//! The abstract grammar: for each kind of node its constructors and their fields, in the notation
//! of ASDL (`?` optional, `*` sequence).

/// A kind of node: name, attributes, constructors. A kind that is its own constructor has one of
/// the same name.
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// Attributes of all its nodes.
    pub attributes: &'static [&'static str],
    /// Constructors with their fields.
    pub constructors: &'static [&'static str],
}

const POSITION: &[&str] = &["lineno", "col_offset", "end_lineno", "end_col_offset"];

/// All kinds of nodes.
pub static GRAMMAR: &[Kind] = &[
    Kind {
        name: "mod",
        attributes: &[],
        constructors: &[
            "Module(stmt* body, type_ignore* type_ignores)",
            "Interactive(stmt* body)",
            "Expression(expr body)",
            "FunctionType(expr* argtypes, expr returns)",
        ],
    },
    Kind {
        name: "stmt",
        attributes: POSITION,
        constructors: &[
            "FunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)",
            "AsyncFunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)",
            "ClassDef(identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params)",
            "Return(expr? value)",
            "Delete(expr* targets)",
            "Assign(expr* targets, expr value, string? type_comment)",
            "TypeAlias(expr name, type_param* type_params, expr value)",
            "AugAssign(expr target, operator op, expr value)",
            "AnnAssign(expr target, expr annotation, expr? value, int simple)",
            "For(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)",
            "AsyncFor(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)",
            "While(expr test, stmt* body, stmt* orelse)",
            "If(expr test, stmt* body, stmt* orelse)",
            "With(withitem* items, stmt* body, string? type_comment)",
            "AsyncWith(withitem* items, stmt* body, string? type_comment)",
            "Match(expr subject, match_case* cases)",
            "Raise(expr? exc, expr? cause)",
            "Try(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)",
            "TryStar(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)",
            "Assert(expr test, expr? msg)",
            "Import(alias* names)",
            "ImportFrom(identifier? module, alias* names, int? level)",
            "Global(identifier* names)",
            "Nonlocal(identifier* names)",
            "Expr(expr value)",
            "Pass",
            "Break",
            "Continue",
        ],
    },
    Kind {
        name: "expr",
        attributes: POSITION,
        constructors: &[
            "BoolOp(boolop op, expr* values)",
            "NamedExpr(expr target, expr value)",
            "BinOp(expr left, operator op, expr right)",
            "UnaryOp(unaryop op, expr operand)",
            "Lambda(arguments args, expr body)",
            "IfExp(expr test, expr body, expr orelse)",
            "Dict(expr?* keys, expr* values)",
            "Set(expr* elts)",
            "ListComp(expr elt, comprehension* generators)",
            "SetComp(expr elt, comprehension* generators)",
            "DictComp(expr key, expr value, comprehension* generators)",
            "GeneratorExp(expr elt, comprehension* generators)",
            "Await(expr value)",
            "Yield(expr? value)",
            "YieldFrom(expr value)",
            "Compare(expr left, cmpop* ops, expr* comparators)",
            "Call(expr func, expr* args, keyword* keywords)",
            "FormattedValue(expr value, int conversion, expr? format_spec)",
            "Interpolation(expr value, constant str, int conversion, expr? format_spec)",
            "JoinedStr(expr* values)",
            "TemplateStr(expr* values)",
            "Constant(constant value, string? kind)",
            "Attribute(expr value, identifier attr, expr_context ctx)",
            "Subscript(expr value, expr slice, expr_context ctx)",
            "Starred(expr value, expr_context ctx)",
            "Name(identifier id, expr_context ctx)",
            "List(expr* elts, expr_context ctx)",
            "Tuple(expr* elts, expr_context ctx)",
            "Slice(expr? lower, expr? upper, expr? step)",
        ],
    },
    Kind {
        name: "expr_context",
        attributes: &[],
        constructors: &["Load", "Store", "Del"],
    },
    Kind {
        name: "boolop",
        attributes: &[],
        constructors: &["And", "Or"],
    },
    Kind {
        name: "operator",
        attributes: &[],
        constructors: &[
            "Add", "Sub", "Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr",
            "BitXor", "BitAnd", "FloorDiv",
        ],
    },
    Kind {
        name: "unaryop",
        attributes: &[],
        constructors: &["Invert", "Not", "UAdd", "USub"],
    },
    Kind {
        name: "cmpop",
        attributes: &[],
        constructors: &[
            "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn",
        ],
    },
    Kind {
        name: "comprehension",
        attributes: &[],
        constructors: &["comprehension(expr target, expr iter, expr* ifs, int is_async)"],
    },
    Kind {
        name: "excepthandler",
        attributes: POSITION,
        constructors: &["ExceptHandler(expr? type, identifier? name, stmt* body)"],
    },
    Kind {
        name: "arguments",
        attributes: &[],
        constructors: &[
            "arguments(arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr?* kw_defaults, arg? kwarg, expr* defaults)",
        ],
    },
    Kind {
        name: "arg",
        attributes: POSITION,
        constructors: &["arg(identifier arg, expr? annotation, string? type_comment)"],
    },
    Kind {
        name: "keyword",
        attributes: POSITION,
        constructors: &["keyword(identifier? arg, expr value)"],
    },
    Kind {
        name: "alias",
        attributes: POSITION,
        constructors: &["alias(identifier name, identifier? asname)"],
    },
    Kind {
        name: "withitem",
        attributes: &[],
        constructors: &["withitem(expr context_expr, expr? optional_vars)"],
    },
    Kind {
        name: "match_case",
        attributes: &[],
        constructors: &["match_case(pattern pattern, expr? guard, stmt* body)"],
    },
    Kind {
        name: "pattern",
        attributes: POSITION,
        constructors: &[
            "MatchValue(expr value)",
            "MatchSingleton(constant value)",
            "MatchSequence(pattern* patterns)",
            "MatchMapping(expr* keys, pattern* patterns, identifier? rest)",
            "MatchClass(expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns)",
            "MatchStar(identifier? name)",
            "MatchAs(pattern? pattern, identifier? name)",
            "MatchOr(pattern* patterns)",
        ],
    },
    Kind {
        name: "type_ignore",
        attributes: &[],
        constructors: &["TypeIgnore(int lineno, string tag)"],
    },
    Kind {
        name: "type_param",
        attributes: POSITION,
        constructors: &[
            "TypeVar(identifier name, expr? bound, expr? default_value)",
            "ParamSpec(identifier name, expr? default_value)",
            "TypeVarTuple(identifier name, expr? default_value)",
        ],
    },
];

/// `Name(type field, …)` as the name and the fields' types and names.
pub fn constructor(text: &'static str) -> (&'static str, Vec<(&'static str, &'static str)>) {
    let Some((name, rest)) = text.split_once('(') else {
        return (text, Vec::new());
    };
    let fields = rest
        .trim_end_matches(')')
        .split(", ")
        .filter_map(|f| f.split_once(' '));
    (name, fields.collect())
}
