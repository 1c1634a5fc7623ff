//! One Python-visible function: its signature, shim and table row.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Error, Expr, ExprLit, FnArg, ImplItemFn, Lit, Meta, Pat, Result, Type};

/// What `#[pymethod(…)]` and its kin may say.
#[derive(Default)]
pub struct Options {
    pub name: Option<String>,
    pub sig: Option<String>,
    pub raw: bool,
    pub member: bool,
    /// What errors call the function, if not by its name.
    pub error_name: Option<String>,
}

pub fn options(attr: &Attribute) -> Result<Options> {
    let mut o = Options::default();
    if let Meta::List(_) = &attr.meta {
        attr.parse_nested_meta(|m| {
            if m.path.is_ident("raw") {
                o.raw = true;
                return Ok(());
            }
            if m.path.is_ident("member") {
                o.member = true;
                return Ok(());
            }
            let text: syn::LitStr = m.value()?.parse()?;
            if m.path.is_ident("name") {
                o.name = Some(text.value());
            } else if m.path.is_ident("sig") {
                o.sig = Some(text.value());
            } else {
                return Err(m.error("expected name, sig, raw or member"));
            }
            Ok(())
        })?;
    }
    Ok(o)
}

/// The docstring of an item, without the leading blank of each line.
pub fn doc(attrs: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for a in attrs {
        if let Meta::NameValue(nv) = &a.meta
            && nv.path.is_ident("doc")
            && let Expr::Lit(ExprLit {
                lit: Lit::Str(s), ..
            }) = &nv.value
        {
            let s = s.value();
            lines.push(s.strip_prefix(' ').unwrap_or(&s).to_string());
        }
    }
    lines.join("\n")
}

struct Param {
    name: String,
    kind: &'static str,
    required: bool,
}

/// Splits at commas outside brackets and quotes.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quote, mut part) = (Vec::new(), 0i32, None, String::new());
    for c in text.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(c);
    }
    parts.push(part);
    parts
        .iter()
        .map(|p| p.trim().to_string())
        .filter(|p| !p.is_empty())
        .collect()
}

fn parse_signature(sig: &str) -> Vec<Param> {
    let inner = sig.trim().trim_start_matches('(').trim_end_matches(')');
    let mut params: Vec<Param> = Vec::new();
    let mut keyword_only = false;
    for part in split(inner) {
        if part.starts_with('$') {
            continue;
        } else if part == "/" {
            for p in &mut params {
                p.kind = "PositionalOnly";
            }
        } else if part == "*" {
            keyword_only = true;
        } else if let Some(name) = part.strip_prefix("**") {
            params.push(Param {
                name: name.into(),
                kind: "VarKeywords",
                required: false,
            });
        } else if let Some(name) = part.strip_prefix('*') {
            params.push(Param {
                name: name.into(),
                kind: "VarArgs",
                required: false,
            });
            keyword_only = true;
        } else {
            let (name, default) = match part.split_once('=') {
                Some((n, _)) => (n.trim(), true),
                None => (part.as_str(), false),
            };
            let kind = if keyword_only {
                "KeywordOnly"
            } else {
                "PositionalOrKeyword"
            };
            params.push(Param {
                name: name.into(),
                kind,
                required: !default,
            });
        }
    }
    params
}

fn is_option(t: &Type) -> bool {
    matches!(t, Type::Path(p) if p.path.segments.last().is_some_and(|s| s.ident == "Option"))
}

/// The Python name of a Rust function: without `r#` and the underscore that dodges a keyword.
pub fn python_name(rust: &str) -> String {
    let n = rust.strip_prefix("r#").unwrap_or(rust);
    if n.starts_with("__") {
        n.to_string()
    } else {
        n.strip_suffix('_').unwrap_or(n).to_string()
    }
}

/// Gives the shim's items and an expression of type `MethodDef`.
pub fn row(
    owner: &Type,
    f: &ImplItemFn,
    o: &Options,
    kind: &str,
    has_self: bool,
) -> Result<TokenStream> {
    let ident = &f.sig.ident;
    let rust_name = ident.to_string();
    let name = o.name.clone().unwrap_or_else(|| python_name(&rust_name));
    let doc = doc(&f.attrs);
    let kind = format_ident!("{kind}");
    if o.raw {
        let text = match &o.sig {
            Some(s) => quote!(Some(#s)),
            None => quote!(None),
        };
        return Ok(quote! {{
            fn shim(th: &mut ::taipan_vm::Thread, args: ::taipan_vm::call::Args<'_>) -> ::taipan_vm::Result {
                ::taipan_vm::call::IntoReturn::into_return(<#owner>::#ident(th, args), th)
            }
            ::taipan_vm::call::MethodDef {
                name: #name, func: shim, kind: ::taipan_vm::call::MethodKind::#kind,
                signature: None, text_signature: #text, doc: #doc,
            }
        }});
    }
    let inputs: Vec<(String, &Type)> = f
        .sig
        .inputs
        .iter()
        .skip(1 + has_self as usize)
        .map(|a| match a {
            FnArg::Typed(p) => match &*p.pat {
                Pat::Ident(i) => Ok((i.ident.to_string(), &*p.ty)),
                other => Err(Error::new_spanned(other, "a plain name is wanted here")),
            },
            FnArg::Receiver(r) => Err(Error::new_spanned(
                r,
                "no self: the receiver is the second parameter",
            )),
        })
        .collect::<Result<_>>()?;
    let params = match &o.sig {
        Some(sig) => parse_signature(sig),
        None => inputs
            .iter()
            .map(|(n, t)| Param {
                name: n
                    .trim_start_matches("r#")
                    .trim_start_matches('_')
                    .to_string(),
                kind: "PositionalOnly",
                required: !is_option(t),
            })
            .collect(),
    };
    if params.len() != inputs.len() {
        return Err(Error::new_spanned(
            &f.sig,
            format!(
                "{} parameters in `sig`, {} in the function",
                params.len(),
                inputs.len()
            ),
        ));
    }
    let text = match &o.sig {
        Some(s) if has_self && !s.contains("$self") => {
            let rest = s.trim().trim_start_matches('(');
            if rest.starts_with(')') {
                "($self)".to_string()
            } else {
                format!("($self, {rest}")
            }
        }
        Some(s) => s.clone(),
        None => {
            let mut t = String::from(if has_self { "($self" } else { "(" });
            for (i, p) in params.iter().enumerate() {
                if i > 0 || has_self {
                    t.push_str(", ");
                }
                t.push_str(&p.name);
                if !p.required {
                    t.push_str("=<unrepresentable>");
                }
            }
            t.push_str(if params.is_empty() && !has_self {
                ")"
            } else {
                ", /)"
            });
            t
        }
    };
    let rows = params.iter().map(|p| {
        let (n, k, r) = (&p.name, format_ident!("{}", p.kind), p.required);
        quote!(::taipan_vm::call::Param { name: #n, kind: ::taipan_vm::call::ParamKind::#k, required: #r })
    });
    let count = params.len();
    let offset = has_self as usize;
    let total = count + offset;
    let all_positional = params.iter().all(|p| !p.kind.starts_with("Var"));
    let minimum = params.iter().filter(|p| p.required).count() + offset;
    let fast = if all_positional && params.iter().all(|p| p.kind != "KeywordOnly") {
        quote! {
            if args.kwnames.is_none() && args.values.len() >= #minimum && args.values.len() <= #total {
                for (i, v) in args.values.iter().enumerate() { bound[i] = Some(*v); }
            } else {
                ::taipan_vm::call::bind(th, &SIGNATURE, &args, &mut bound)?;
            }
        }
    } else {
        quote!(::taipan_vm::call::bind(th, &SIGNATURE, &args, &mut bound)?;)
    };
    let this = if has_self {
        let FnArg::Typed(p) = &f.sig.inputs[1] else {
            return Err(Error::new_spanned(
                &f.sig,
                "the receiver is the second parameter",
            ));
        };
        let ty = &p.ty;
        quote!(<#ty as ::taipan_vm::call::FromReceiver>::from_receiver(th, &SIGNATURE, bound[0])?,)
    } else {
        quote!()
    };
    let converted = inputs.iter().enumerate().map(|(i, (_, t))| {
        let at = i + offset;
        quote!(<#t as ::taipan_vm::call::FromArg>::from_arg(th, ::taipan_vm::call::ArgContext { signature: &SIGNATURE, index: #i }, bound[#at])?)
    });
    let names: Vec<_> = (0..inputs.len()).map(|i| format_ident!("a{i}")).collect();
    let this_name = if has_self { quote!(this,) } else { quote!() };
    let this_let = if has_self {
        quote!(let (this,) = (#this);)
    } else {
        quote!()
    };
    let error_name = o.error_name.as_ref().unwrap_or(&name);
    Ok(quote! {{
        static SIGNATURE: ::taipan_vm::call::Signature = ::taipan_vm::call::Signature {
            name: #error_name, has_self: #has_self, params: &[#(#rows),*],
        };
        fn shim(th: &mut ::taipan_vm::Thread, args: ::taipan_vm::call::Args<'_>) -> ::taipan_vm::Result {
            let mut bound: [Option<::taipan_vm::Value>; #total] = [None; #total];
            #fast
            #this_let
            #(let #names = #converted;)*
            ::taipan_vm::call::IntoReturn::into_return(<#owner>::#ident(th, #this_name #(#names),*), th)
        }
        ::taipan_vm::call::MethodDef {
            name: #name, func: shim, kind: ::taipan_vm::call::MethodKind::#kind,
            signature: Some(&SIGNATURE), text_signature: Some(#text), doc: #doc,
        }
    }})
}
