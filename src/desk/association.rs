//! `/desk/association`: what the association says of itself, for administrators: name, mail address, colour and footer in one form, and
//! the logo in another. What the settings fix is shown with where it is set.

use axum::extract::Multipart;
use axum::response::Response;
use maud::{Markup, html};

use crate::archive::portal::CurrentPortal;
use crate::branding::{
    Branding, BrandingField, FixedBy, LONGEST_CONTACT, LONGEST_FOOTER, LONGEST_NAME, Logo, Wanted,
    logo,
};
use crate::catalogue::field::LONGEST_LINE_CHARS;
use crate::catalogue::name::isolated;
use crate::desk::kit::fields::{changed_to, is_conflict};
use crate::desk::kit::multipart::{Chosen, choose};
use crate::desk::kit::{
    Administrator, Context, Errors, Field, Form, FormState, Page, Posted, act, field, helped,
};
use crate::error::{Error, Result, Text};
use crate::text;
use crate::web::assets::Own;
use crate::web::components::name;
use crate::web::{Texts, theme, urls};

/// A field of the form that is typed: what it sets, its most characters, and the type of its `<input>`.
struct Typed {
    of: BrandingField,
    field: Field<'static>,
    most: usize,
    kind: &'static str,
}

const TYPED: [Typed; 4] = [
    Typed {
        of: BrandingField::Name,
        field: helped("name", "association-name", "association-name-help"),
        most: LONGEST_NAME,
        kind: "text",
    },
    Typed {
        of: BrandingField::Contact,
        field: helped("contact", "association-contact", "association-contact-help"),
        most: LONGEST_CONTACT,
        kind: "email",
    },
    Typed {
        of: BrandingField::Accent,
        field: helped("accent", "association-accent", "association-accent-help"),
        most: LONGEST_LINE_CHARS,
        kind: "text",
    },
    Typed {
        of: BrandingField::Footer,
        field: helped("footer", "association-footer", "association-footer-help"),
        most: LONGEST_FOOTER,
        kind: "text",
    },
];

const LOGO: Field<'static> = field("logo", "association-logo-file");

/// `GET /desk/association`
pub async fn show(Administrator(context): Administrator) -> Result<Response> {
    let page = AssociationPage {
        portal: CurrentPortal::find(&context.app).await?,
        context: &context,
    };
    let state = FormState::filled(page.filled());
    Ok(page.draw(&state))
}

/// `POST /desk/association`
pub async fn save(Administrator(context): Administrator, posted: Posted) -> Result<Response> {
    let page = AssociationPage {
        portal: CurrentPortal::locked(&context.app).await?,
        context: &context,
    };
    let (filled, names) = (page.filled(), page.names());
    let mut errors = Errors::new();
    let changes = page.parse(&posted, &mut errors);
    if !errors.is_empty() {
        return Ok(page.draw(&FormState::wrong(posted, errors)));
    }
    if is_conflict(&names, &posted, &filled) || !posted.has("base") {
        let posted = posted.untouched_as(&filled, &names);
        let differ = names.iter().filter(|it| posted.get(it) != filled.get(it));
        let errors = differ.map(|it| (*it, changed_to(filled.get(it).to_owned())));
        let state = FormState::by_another(posted.clone(), &filled, errors.collect());
        return Ok(page.draw(&state));
    }
    if changes.is_empty() {
        return context.go(urls::desk("association"), "done-saved");
    }
    let saved = page.portal.edit(context.email(), move |stated| {
        for (field, value) in changes {
            stated.set(field, value);
        }
    });
    match saved.await {
        Ok(()) => context.go(urls::desk("association"), "done-saved"),
        Err(Error::Refused(why)) => again(&context, posted, ("", why)).await,
        Err(other) => Err(other),
    }
}

/// `POST /desk/association/logo`, with `file`.
pub async fn set_logo(Administrator(context): Administrator, form: Multipart) -> Result<Response> {
    let mut chosen = Chosen::nothing(&context.app);
    let read = choose(form, "", &mut chosen).await;
    let stored = match read {
        Ok(()) => store_logo(&context, chosen).await,
        Err(refused) => Err(refused),
    };
    match stored {
        Ok(()) => context.go(urls::desk("association"), "done-logo"),
        Err(Error::Refused(why)) => again(&context, Posted::default(), (LOGO.name, why)).await,
        Err(other) => Err(other),
    }
}

async fn store_logo(context: &Context, mut chosen: Chosen) -> Result<()> {
    check_free(context, BrandingField::Logo)?;
    let bytes = chosen.file.take();
    let logo = context.app.library.run(move |_| {
        Logo::check(bytes).map_err(|fault| {
            Error::Refused(match fault {
                logo::LogoFault::Odd => text!("association-logo-odd"),
                logo::LogoFault::Large => text!("association-logo-large"),
                logo::LogoFault::Active => text!("association-logo-active"),
            })
        })
    });
    let (logo, portal) = (logo.await?, CurrentPortal::locked(&context.app).await?);
    portal.set_logo(context.email(), Some(logo)).await
}

/// `POST /desk/association/logo/remove`
pub async fn remove_logo(Administrator(context): Administrator) -> Result<Response> {
    let removed = async {
        check_free(&context, BrandingField::Logo)?;
        let portal = CurrentPortal::locked(&context.app).await?;
        portal.set_logo(context.email(), None).await
    };
    match removed.await {
        Ok(()) => context.go(urls::desk("association"), "done-logo-removed"),
        Err(Error::Refused(why)) => again(&context, Posted::default(), (LOGO.name, why)).await,
        Err(other) => Err(other),
    }
}

/// [`Error::Refused`] when the settings fix a field.
fn check_free(context: &Context, field: BrandingField) -> Result<()> {
    match context.app.branding.fixed_by(field) {
        Some(by) => Err(Error::Refused(fixed_by(by, field))),
        None => Ok(()),
    }
}

/// The page again, with what was typed and what is wrong with it.
async fn again(
    context: &Context,
    posted: Posted,
    (field, why): (&'static str, Text),
) -> Result<Response> {
    let page = AssociationPage {
        portal: CurrentPortal::find(&context.app).await?,
        context,
    };
    let posted = match posted.has("base") {
        true => posted,
        false => page.filled(),
    };
    Ok(page.draw(&FormState::wrong(posted, Errors::from([(field, why)]))))
}

/// Where a field is set that cannot be changed here.
fn fixed_by(by: FixedBy, field: BrandingField) -> Text {
    match by {
        FixedBy::Variable(variable) => text!("association-fixed-variable", variable = variable),
        FixedBy::SettingsFile => text!("association-fixed-file", setting = field.key()),
    }
}

/// The data of the page.
struct AssociationPage<'a> {
    portal: CurrentPortal,
    context: &'a Context,
}

impl AssociationPage<'_> {
    /// The fields that are typed and not fixed.
    fn free(&self) -> impl Iterator<Item = &'static Typed> {
        let branding = &self.context.app.branding;
        TYPED
            .iter()
            .filter(|typed| branding.fixed_by(typed.of).is_none())
    }

    fn names(&self) -> Vec<&'static str> {
        self.free().map(|typed| typed.of.key()).collect()
    }

    /// The form filled in with what `portal.toml` says.
    fn filled(&self) -> Posted {
        let stated = &self.portal.stated;
        let base = Posted::of([("base", self.portal.base())]);
        self.free().fold(base, |posted, typed| {
            posted.and(typed.of.key(), stated.get(typed.of).unwrap_or_default())
        })
    }

    /// The values that were typed and differ from the current ones. A field that is fixed, or was not sent, stays as it is.
    fn parse(&self, posted: &Posted, errors: &mut Errors) -> Vec<(BrandingField, Option<String>)> {
        let mut changes = Vec::new();
        for typed in self.free().filter(|typed| posted.has(typed.of.key())) {
            let key = typed.of.key();
            let value = posted.line(key, typed.most, errors);
            let value = Some(value).filter(|it| !it.is_empty());
            let wanted = value.as_deref().and_then(|it| typed.of.wanted(it));
            let odd = wanted.and_then(|wanted| match wanted {
                Wanted::Colour => Some(text!("association-accent-odd")),
                Wanted::MailAddress => Some(text!("email-odd")),
                // What is too long or not to be seen was said above.
                Wanted::AtMost(_) | Wanted::Line | Wanted::Picture => None,
            });
            if let Some(odd) = odd {
                errors.entry(key).or_insert(odd);
            }
            if value.as_deref() != self.portal.stated.get(typed.of) {
                changes.push((typed.of, value));
            }
        }
        changes
    }

    fn draw(&self, state: &FormState) -> Response {
        let (context, texts) = (self.context, &self.context.texts);
        let branding = context.app.branding();
        let form = state.form(texts);
        let labels = TYPED.map(|typed| typed.field);
        let labels: Vec<Field<'_>> = labels.into_iter().chain([LOGO]).collect();
        let main = html! {
            (form.summary(&labels))
            @if let Some(why) = &self.portal.broken {
                div.form-errors role="alert" {
                    p { (texts.t("association-unreadable")) }
                    p lang="en" dir="ltr" { (why) }
                }
            }
            p.lead { (texts.t("association-text")) }
            form.stack method="post" action=(texts.to(urls::desk("association"))) data-guard {
                input type="hidden" name="base" value=(state.posted.get("base"));
                (form.was(&self.filled()))
                @for typed in &TYPED { (self.field(&form, typed, &branding)) }
                @if self.free().next().is_some() { p.actions { button.button type="submit" { (texts.t("save")) } } }
            }
            (self.logo(&form, &branding))
        };
        let page = Page::new("association", texts.t("association-title"));
        page.status(state.status).with(context, &main)
    }

    fn field(&self, form: &Form<'_>, typed: &Typed, branding: &Branding) -> Markup {
        let texts = form.texts;
        if let Some(by) = self.context.app.branding.fixed_by(typed.of) {
            let value = self.context.app.branding.fixed(typed.of);
            return fixed(
                texts,
                typed.field.label,
                &name(value.unwrap_or_default()),
                (by, typed.of),
            );
        }
        html! {
            (form.input(typed.field, typed.kind, Some("off"), false))
            @if typed.of == BrandingField::Accent { (swatch(texts, branding)) }
        }
    }

    fn logo(&self, form: &Form<'_>, branding: &Branding) -> Markup {
        let texts = form.texts;
        let shown = Own::of(branding).logo.as_ref().map(|logo| logo.address());
        let picture = html! {
            @match shown {
                Some(address) => img.logo-now src=(address) alt=(isolated(&branding.name)) height="80";,
                None => p { (texts.t("association-logo-none")) },
            }
        };
        html! {
            section aria-labelledby="logo" {
                h2 #logo { (texts.t("association-logo")) }
                @if let Some(by) = self.context.app.branding.fixed_by(BrandingField::Logo) {
                    (picture)
                    (fixed(texts, "association-logo-fixed", &name(self.context.app.branding.fixed(BrandingField::Logo).unwrap_or_default()), (by, BrandingField::Logo)))
                } @else {
                    (picture)
                    form.stack method="post" enctype="multipart/form-data" action=(texts.to(urls::desk("association/logo"))) {
                        (form.file(LOGO, "image/svg+xml,image/png,image/jpeg,image/webp"))
                        p.actions { button.button type="submit" data-kind="quiet" { (texts.t("association-logo-set")) } }
                    }
                    @if self.portal.stated.logo.is_some() { (act(texts, &urls::desk("association/logo/remove"), "association-logo-remove", "", &[])) }
                }
            }
        }
    }
}

/// A value that cannot be changed here, and where it is set.
fn fixed(
    texts: &Texts,
    label: &str,
    value: &Markup,
    (by, field): (FixedBy, BrandingField),
) -> Markup {
    html! {
        div.field data-kind="fixed" {
            strong { (texts.t(label)) }
            p { (value) }
            p.field-help { (crate::web::texts::sentence(texts.lang(), &fixed_by(by, field))) }
        }
    }
}

/// The colour of now, and the shade that is used instead where it would be hard to read.
fn swatch(texts: &Texts, branding: &Branding) -> Markup {
    html! {
        p.swatch {
            svg width="24" height="24" aria-hidden="true" { rect width="24" height="24" rx="4" fill=(theme::hex(branding.accent_rgb())) {} }
            span { (texts.t_args("association-accent-now", &[("colour", branding.accent.as_str().into())])) }
        }
        @if let Some(shade) = theme::adjusted(branding.accent_rgb()) {
            p.swatch {
                svg width="24" height="24" aria-hidden="true" { rect width="24" height="24" rx="4" fill=(shade) {} }
                span { (texts.t_args("association-accent-adjusted", &[("colour", shade.as_str().into())])) }
            }
        }
    }
}
