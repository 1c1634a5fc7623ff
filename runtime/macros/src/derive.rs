//! `#[derive(NativeObject)]` and `#[derive(Trace)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

fn traced_fields(input: &DeriveInput, skip_first: bool) -> Result<Vec<TokenStream>> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(input, "only structs"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(input, "only structs with named fields"));
    };
    Ok(fields
        .named
        .iter()
        .skip(skip_first as usize)
        .filter(|f| !f.attrs.iter().any(|a| a.path().is_ident("notrace")))
        .map(|f| {
            let name = &f.ident;
            quote!(::taipan_vm::object::trace::Trace::trace_into(&self.#name, tracer);)
        })
        .collect())
}

pub fn native_object(item: TokenStream) -> Result<TokenStream> {
    let input: DeriveInput = syn::parse2(item)?;
    let repr_c = input.attrs.iter().any(|a| {
        a.path().is_ident("repr")
            && matches!(&a.meta, syn::Meta::List(l) if l.tokens.to_string() == "C")
    });
    if !repr_c {
        return Err(Error::new_spanned(
            &input.ident,
            "a heap layout must be #[repr(C)]",
        ));
    }
    let first_is_head = match &input.data {
        Data::Struct(s) => s
            .fields
            .iter()
            .next()
            .and_then(|f| f.ident.as_ref())
            .is_some_and(|i| i == "head"),
        _ => false,
    };
    if !first_is_head {
        return Err(Error::new_spanned(
            &input.ident,
            "the first field must be `head: NativeHeader`",
        ));
    }
    let fields = traced_fields(&input, true)?;
    let name = &input.ident;
    let text = name.to_string();
    Ok(quote! {
        #[allow(unsafe_code)]
        // SAFETY: repr(C) and a NativeHeader as first field are checked by the derive; every
        // field that is not marked `notrace` is traced.
        unsafe impl ::taipan_vm::object::native::NativeObject for #name {
            const VTABLE: &'static ::taipan_vm::object::native::NativeVtable =
                &::taipan_vm::object::native::vtable_of::<#name>(#text);
            fn trace_fields(&self, tracer: &mut ::taipan_vm::object::Tracer) {
                let _ = &tracer;
                #(#fields)*
            }
        }
    })
}

pub fn trace(item: TokenStream) -> Result<TokenStream> {
    let input: DeriveInput = syn::parse2(item)?;
    let fields = traced_fields(&input, false)?;
    let name = &input.ident;
    Ok(quote! {
        impl ::taipan_vm::object::trace::Trace for #name {
            fn trace_into(&self, tracer: &mut ::taipan_vm::object::Tracer) {
                let _ = &tracer;
                #(#fields)*
            }
        }
    })
}
