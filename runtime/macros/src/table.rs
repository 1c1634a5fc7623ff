//! The tables that `#[pytype]`, `#[pymethods]` and `#[pymodule]` write.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, ImplItem, ImplItemFn, ItemImpl, Result, Token, Type};

use crate::function::{self, doc, options};

struct Args(Vec<(Ident, Expr)>);

impl Parse for Args {
    fn parse(input: ParseStream) -> Result<Self> {
        let mut v = Vec::new();
        while !input.is_empty() {
            let name: Ident = input.parse()?;
            input.parse::<Token![=]>()?;
            v.push((name, input.parse()?));
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(Args(v))
    }
}

impl Args {
    fn get(&self, name: &str) -> Option<&Expr> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, e)| e)
    }
}

#[derive(Default)]
struct Rows {
    methods: Vec<TokenStream>,
    getsets: Vec<TokenStream>,
    slots: Vec<TokenStream>,
    exec: Option<TokenStream>,
}

fn take_attribute(f: &mut ImplItemFn) -> Option<syn::Attribute> {
    const NAMES: [&str; 9] = [
        "pymethod",
        "pyclassmethod",
        "pystaticmethod",
        "pygetter",
        "pysetter",
        "pyslot",
        "pyfunction",
        "pyexec",
        "pynew",
    ];
    let i = f
        .attrs
        .iter()
        .position(|a| NAMES.iter().any(|n| a.path().is_ident(n)))?;
    Some(f.attrs.remove(i))
}

fn collect(item: &mut ItemImpl, type_name: Option<String>) -> Result<Rows> {
    let owner: Type = (*item.self_ty).clone();
    let mut rows = Rows::default();
    let mut setters: Vec<(String, Ident)> = Vec::new();
    let mut getters: Vec<(String, Ident, String, Type, bool)> = Vec::new();
    for item in &mut item.items {
        let ImplItem::Fn(f) = item else { continue };
        let Some(attr) = take_attribute(f) else {
            continue;
        };
        let mut o = options(&attr)?;
        let ident = f.sig.ident.clone();
        let which = attr
            .path()
            .get_ident()
            .map(|i| i.to_string())
            .unwrap_or_default();
        match which.as_str() {
            "pymethod" => {
                // Errors call `__init__` by the type's name.
                if o.name.as_deref() == Some("__init__") {
                    o.error_name = type_name.clone();
                }
                rows.methods
                    .push(function::row(&owner, f, &o, "Method", true)?)
            }
            "pyclassmethod" => {
                rows.methods
                    .push(function::row(&owner, f, &o, "ClassMethod", true)?)
            }
            "pystaticmethod" => {
                rows.methods
                    .push(function::row(&owner, f, &o, "StaticMethod", false)?)
            }
            "pyfunction" => rows
                .methods
                .push(function::row(&owner, f, &o, "Function", false)?),
            "pynew" => {
                // Errors call the constructor by the type's name.
                o.name = o.name.or(type_name.clone());
                let row = function::row(&owner, f, &o, "New", true)?;
                rows.slots.push(quote! {
                    new: { const DEF: ::taipan_vm::call::MethodDef = #row; Some(DEF.func) },
                    text_signature: { const DEF: ::taipan_vm::call::MethodDef = #row; DEF.text_signature }
                });
            }
            "pyslot" => {
                let slot = match &o.name {
                    Some(n) => format_ident!("{n}"),
                    None => {
                        let n = ident.to_string();
                        format_ident!("{}", n.strip_prefix("slot_").unwrap_or(&n))
                    }
                };
                rows.slots.push(quote!(#slot: Some(<#owner>::#ident)));
            }
            "pygetter" => {
                let name = o
                    .name
                    .unwrap_or_else(|| function::python_name(&ident.to_string()));
                let ty = match f.sig.inputs.iter().nth(1) {
                    Some(syn::FnArg::Typed(p)) => (*p.ty).clone(),
                    _ => {
                        return Err(syn::Error::new_spanned(
                            &f.sig,
                            "a getter takes the thread and the receiver",
                        ));
                    }
                };
                getters.push((name, ident, doc(&f.attrs), ty, o.member));
            }
            "pysetter" => {
                let name = o.name.unwrap_or_else(|| {
                    let n = ident.to_string();
                    n.strip_prefix("set_").unwrap_or(&n).to_string()
                });
                setters.push((name, ident));
            }
            _ => rows.exec = Some(quote!(<#owner>::#ident)),
        }
    }
    for (name, ident, doc, ty, member) in getters {
        let set = match setters.iter().find(|(n, _)| *n == name) {
            Some((_, setter)) => quote! {{
                fn shim(th: &mut ::taipan_vm::Thread, this: ::taipan_vm::Value, value: Option<::taipan_vm::Value>) -> ::taipan_vm::Result<()> {
                    let this = <#ty as ::taipan_vm::call::FromReceiver>::from_attribute(th, #name, this)?;
                    <#owner>::#setter(th, this, value)
                }
                Some(shim as ::taipan_vm::call::SetterFn)
            }},
            None => quote!(None),
        };
        rows.getsets.push(quote! {{
            fn shim(th: &mut ::taipan_vm::Thread, this: ::taipan_vm::Value) -> ::taipan_vm::Result {
                let this = <#ty as ::taipan_vm::call::FromReceiver>::from_attribute(th, #name, this)?;
                ::taipan_vm::call::IntoReturn::into_return(<#owner>::#ident(th, this), th)
            }
            ::taipan_vm::call::GetSetDef { name: #name, get: shim, set: #set, doc: #doc, member: #member }
        }});
    }
    Ok(rows)
}

/// The value of a string literal.
fn literal(e: Option<&Expr>) -> Option<String> {
    match e {
        Some(Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(s),
            ..
        })) => Some(s.value()),
        // A literal that a macro passed on.
        Some(Expr::Group(g)) => literal(Some(&g.expr)),
        _ => None,
    }
}

pub fn pytype(args: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let args: Args = syn::parse2(args)?;
    let mut item: ItemImpl = syn::parse2(item)?;
    let doc = doc(&item.attrs);
    item.attrs.retain(|a| !a.path().is_ident("doc"));
    let Rows {
        methods,
        getsets,
        slots,
        ..
    } = collect(&mut item, literal(args.get("name")))?;
    let owner = &item.self_ty;
    let name = args
        .get("name")
        .ok_or_else(|| syn::Error::new_spanned(owner, "name = \"…\" is missing"))?;
    let module = match args.get("module") {
        Some(m) => quote!(#m),
        None => quote!("builtins"),
    };
    let base = match args.get("base") {
        Some(b) => quote!(Some(&#b)),
        None => quote!(None),
    };
    let flags = match args.get("flags") {
        Some(f) => quote!({ #[allow(unused_imports)] use ::taipan_vm::types::type_::flags::*; #f }),
        None => quote!(0),
    };
    let payload = match args.get("payload") {
        Some(Expr::Path(p)) if p.path.is_ident("none") => quote!(None),
        Some(p) => quote!(Some(::taipan_vm::types::type_::Payload::of::<#p>())),
        None => quote!(Some(::taipan_vm::types::type_::Payload::of::<#owner>())),
    };
    let more = match args.get("more") {
        Some(Expr::Array(a)) => a.elems.iter().map(|e| quote!(#e)).collect(),
        Some(e) => vec![quote!(#e)],
        None => Vec::new(),
    };
    let more_getsets = match args.get("more_getsets") {
        Some(Expr::Array(a)) => a.elems.iter().map(|e| quote!(#e)).collect(),
        Some(e) => vec![quote!(#e)],
        None => Vec::new(),
    };
    let table = match args.get("table") {
        Some(t) => quote!(#t),
        None => quote!(TYPE),
    };
    let (mlen, glen) = (methods.len(), getsets.len());
    Ok(quote! {
        #item

        /// The static description of the type.
        pub static #table: ::taipan_vm::types::type_::TypeDef = {
            static METHODS: [::taipan_vm::call::MethodDef; #mlen] = [#(#methods),*];
            static GETSETS: [::taipan_vm::call::GetSetDef; #glen] = [#(#getsets),*];
            ::taipan_vm::types::type_::TypeDef {
                name: #name,
                module: #module,
                doc: #doc,
                base: #base,
                flags: #flags,
                payload: #payload,
                methods: &[&METHODS, #(#more),*],
                getsets: &[&GETSETS, #(#more_getsets),*],
                slots: ::taipan_vm::object::slots::Slots { #(#slots,)* ..::taipan_vm::object::slots::Slots::EMPTY },
            }
        };
    })
}

pub fn pymethods(args: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let args: Args = syn::parse2(args)?;
    let mut item: ItemImpl = syn::parse2(item)?;
    let rows = collect(&mut item, None)?;
    let table = args
        .get("table")
        .ok_or_else(|| syn::Error::new_spanned(&item.self_ty, "table = NAME is missing"))?;
    let methods = rows.methods;
    let len = methods.len();
    let getsets = rows.getsets;
    let glen = getsets.len();
    let getset_table = match args.get("getsets") {
        Some(t) => quote! {
            /// Attributes of the native type.
            pub static #t: [::taipan_vm::call::GetSetDef; #glen] = [#(#getsets),*];
        },
        None => quote!(),
    };
    Ok(quote! {
        #item
        /// A table of methods of the native type.
        pub static #table: [::taipan_vm::call::MethodDef; #len] = [#(#methods),*];
        #getset_table
    })
}

pub fn pymodule(args: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let args: Args = syn::parse2(args)?;
    let mut item: ItemImpl = syn::parse2(item)?;
    let doc = doc(&item.attrs);
    item.attrs.retain(|a| !a.path().is_ident("doc"));
    let Rows { methods, exec, .. } = collect(&mut item, None)?;
    let owner = &item.self_ty;
    let name = args
        .get("name")
        .ok_or_else(|| syn::Error::new_spanned(owner, "name = \"…\" is missing"))?;
    let more = match args.get("more") {
        Some(Expr::Array(a)) => a.elems.iter().map(|e| quote!(#e)).collect(),
        Some(e) => vec![quote!(#e)],
        None => Vec::new(),
    };
    let types = match args.get("types") {
        Some(Expr::Array(a)) => a.elems.iter().map(|e| quote!(&#e)).collect(),
        Some(e) => vec![quote!(&#e)],
        None => Vec::new(),
    };
    let exec = match exec {
        Some(e) => quote!(Some(#e)),
        None => quote!(None),
    };
    let len = methods.len();
    Ok(quote! {
        #item

        /// The static description of the module.
        pub static MODULE: ::taipan_vm::types::module::ModuleDef = {
            static FUNCTIONS: [::taipan_vm::call::MethodDef; #len] = [#(#methods),*];
            ::taipan_vm::types::module::ModuleDef {
                name: #name,
                doc: #doc,
                functions: &[&FUNCTIONS, #(#more),*],
                types: &[#(#types),*],
                exec: #exec,
            }
        };
    })
}
