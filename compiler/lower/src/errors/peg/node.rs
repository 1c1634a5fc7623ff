//! What a rule matched: just enough of an AST to name it and find bad targets in it.

use std::rc::Rc;

/// A matched stretch of tokens.
#[derive(Debug)]
pub(super) struct Node {
    /// An AST class, or `Token`, `Items` and the like for what is none.
    pub kind: &'static str,
    /// Index of its first token.
    pub first: usize,
    /// Index behind its last token, line ends not counted.
    pub last: usize,
    pub children: Vec<Rc<Node>>,
}

pub(super) type NodeRef = Rc<Node>;

impl Node {
    /// How messages call such an expression.
    pub fn described(&self) -> &'static str {
        match self.kind {
            "Attribute" => "attribute",
            "Subscript" => "subscript",
            "Starred" => "starred",
            "Name" => "name",
            "List" => "list",
            "Tuple" => "tuple",
            "Lambda" => "lambda",
            "Call" => "function call",
            "BoolOp" | "BinOp" | "UnaryOp" => "expression",
            "GeneratorExp" => "generator expression",
            "Yield" => "yield expression",
            "Await" => "await expression",
            "ListComp" => "list comprehension",
            "SetComp" => "set comprehension",
            "DictComp" => "dict comprehension",
            "Dict" => "dict literal",
            "Set" => "set display",
            "JoinedStr" => "f-string expression",
            "TemplateStr" => "t-string expression",
            "None" => "None",
            "False" => "False",
            "True" => "True",
            "Ellipsis" => "ellipsis",
            "Compare" => "comparison",
            "IfExp" => "conditional expression",
            "NamedExpr" => "named expression",
            _ => "literal",
        }
    }

    /// Elements of a sequence, looking through the nodes that only group.
    pub fn flatten(node: &NodeRef, into: &mut Vec<NodeRef>) {
        if node.kind == "Items" {
            for child in &node.children {
                Node::flatten(child, into);
            }
        } else if node.kind != "Nothing" {
            into.push(node.clone());
        }
    }

    /// All elements below it.
    pub fn elements(&self) -> Vec<NodeRef> {
        let mut list = Vec::new();
        for child in &self.children {
            Node::flatten(child, &mut list);
        }
        list
    }
}
