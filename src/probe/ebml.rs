//! Parses EBML (RFC 8794), the syntax of Matroska and WebM: elements with an id, a size and contents.

use super::Result;
use super::bytes::Fields;
use super::source::Source;

/// The beginning of every EBML file: the id of its header.
pub(super) const EBML_SIGNATURE: [u8; 4] = [0x1a, 0x45, 0xdf, 0xa3];
/// Id of the header element with the document type (RFC 8794 §11.2.4).
const DOC_TYPE: u32 = 0x4282;

/// The position of an element in a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    /// Id of the element with its marker bits, as specifications print it.
    pub(super) id: u32,
    /// Position of its contents.
    pub(super) body: u64,
    /// Position after its contents; `None` when its size is unknown, as in live recordings (RFC 8794 §6.2).
    pub(super) end: Option<u64>,
}

/// The element at `at`, or `None` when there is none.
pub(super) fn element(source: &mut Source, at: u64) -> Result<Option<Element>> {
    let head = source.up_to(at, 12)?;
    let mut fields = Fields(head);
    let Some((id, size)) = identity(&mut fields).and_then(|id| Some((id, size(&mut fields)?)))
    else {
        return Ok(None);
    };
    let header_length = u64::try_from(head.len() - fields.0.len()).unwrap_or(12);
    let body = at + header_length;
    Ok(Some(Element {
        id,
        body,
        end: size.map(|size| body.saturating_add(size)),
    }))
}

/// The elements in `bytes` in order; ends at the first one that does not fit.
pub(super) fn elements(bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut fields = Fields(bytes);
    std::iter::from_fn(move || {
        let id = identity(&mut fields)?;
        let length = usize::try_from(size(&mut fields)??).ok()?;
        Some((id, fields.take(length)?))
    })
}

/// The contents of the first element `wanted` in `bytes`.
pub(super) fn find(bytes: &[u8], wanted: u32) -> Option<&[u8]> {
    elements(bytes)
        .find(|(id, _)| *id == wanted)
        .map(|(_, contents)| contents)
}

/// The unsigned number in the element `wanted`: up to eight bytes, most significant first.
pub(super) fn number(bytes: &[u8], wanted: u32) -> Option<u64> {
    let contents = find(bytes, wanted).filter(|contents| contents.len() <= 8)?;
    Some(unsigned(contents))
}

/// An unsigned number, most significant byte first.
pub(super) fn unsigned(bytes: &[u8]) -> u64 {
    let appended = |number, byte: &u8| number << 8 | u64::from(*byte);
    bytes.iter().fold(0, appended)
}

/// The fractional number in the element `wanted`: four or eight bytes.
pub(super) fn fraction(bytes: &[u8], wanted: u32) -> Option<f64> {
    let contents = find(bytes, wanted)?;
    if let Ok(bytes) = contents.try_into() {
        return Some(f64::from(f32::from_be_bytes(bytes)));
    }
    contents.try_into().ok().map(f64::from_be_bytes)
}

/// The document type in the header of a file.
pub(super) fn document_type(head: &[u8]) -> Option<&[u8]> {
    let mut fields = Fields(head);
    fields.skip(EBML_SIGNATURE.len())?;
    let length = usize::try_from(size(&mut fields)??).ok()?;
    let header = fields.take(length)?;
    // RFC 8794 §7.4: a string may be padded with zeros.
    find(header, DOC_TYPE).map(|name| name.split(|byte| *byte == 0).next().unwrap_or_default())
}

/// Reads an id (RFC 8794 §5): one to four bytes, with their marker.
fn identity(fields: &mut Fields) -> Option<u32> {
    u32::try_from(unsigned(variable(fields, 4)?)).ok()
}

/// Reads a size (RFC 8794 §4 and §6.2): one to eight bytes without their marker; all ones mean unknown.
pub(super) fn size(fields: &mut Fields) -> Option<Option<u64>> {
    let bytes = variable(fields, 8)?;
    let unknown = (1_u64 << (7 * bytes.len())) - 1;
    let number = unsigned(bytes) & unknown;
    Some((number != unknown).then_some(number))
}

/// Reads a variable-length number (RFC 8794 §4): one byte more than the first byte has leading zeros.
fn variable<'a>(fields: &mut Fields<'a>, longest: usize) -> Option<&'a [u8]> {
    let zeros = fields.0.first()?.leading_zeros();
    let length = usize::try_from(zeros).ok()? + 1;
    match length <= longest {
        true => fields.take(length),
        false => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_as_wide_as_their_first_byte_says() {
        assert_eq!(size(&mut Fields(&[0x85])), Some(Some(5)));
        assert_eq!(size(&mut Fields(&[0x40, 0x7f])), Some(Some(127)));
        assert_eq!(size(&mut Fields(&[0xff])), Some(None));
        assert_eq!(
            size(&mut Fields(&[
                0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff
            ])),
            Some(None)
        );
        assert_eq!(size(&mut Fields(&[0x00, 1, 2, 3, 4, 5, 6, 7, 8])), None);
        assert_eq!(size(&mut Fields(&[0x40])), None);
    }

    #[test]
    fn an_element_that_does_not_fit_ends_the_row() {
        let bytes = [0x83, 0x81, 1, 0x86, 0x82, b'a'];
        assert_eq!(elements(&bytes).count(), 1);
        assert_eq!(number(&bytes, 0x83), Some(1));
    }
}
