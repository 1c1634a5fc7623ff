//! Private-name mangling: `__spam` inside `class Ham` is spelled `_Ham__spam`.

use ruff_python_ast::name::Name;

/// Whether mangling could ever apply to `name` (it starts with two underscores, does not end
/// with two, and is not a dotted module path).
pub fn is_private(name: &str) -> bool {
    name.starts_with("__") && !name.ends_with("__") && !name.contains('.')
}

/// The spelling of `name` inside a class called `class`. A class whose name is only underscores
/// mangles nothing.
pub fn mangle(class: Option<&str>, name: &str) -> Name {
    if let Some(class) = class
        && is_private(name)
    {
        let class = class.trim_start_matches('_');
        if !class.is_empty() {
            return Name::new(format!("_{class}{name}"));
        }
    }
    Name::new(name)
}

#[cfg(test)]
mod tests {
    use super::mangle;

    #[test]
    fn rules() {
        assert_eq!(mangle(Some("Ham"), "__x").as_str(), "_Ham__x");
        assert_eq!(mangle(Some("__Ham"), "__x").as_str(), "_Ham__x");
        assert_eq!(mangle(Some("__"), "__x").as_str(), "__x");
        assert_eq!(mangle(Some("Ham"), "__x__").as_str(), "__x__");
        assert_eq!(mangle(Some("Ham"), "_x").as_str(), "_x");
        assert_eq!(mangle(Some("Ham"), "__a.b").as_str(), "__a.b");
        assert_eq!(mangle(None, "__x").as_str(), "__x");
    }
}
