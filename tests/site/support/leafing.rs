//! Leafing through a list in parts by its links, there and back.

use super::Client;

/// The ids of recordings that a page links to, in order.
pub fn linked(page: &str, opening: &str) -> Vec<String> {
    let found = page.split(opening).skip(1);
    let found = found.map(|rest| rest.chars().take(10).collect());
    found.collect()
}

/// The address of the link with this relation on a page.
fn beside(page: &str, rel: &str) -> Option<String> {
    let parts = page.split("<nav class=\"parts\"").nth(1)?;
    let parts = parts.split("</nav>").next().unwrap();
    let link = parts.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
    let address = link.split(['"', '#']).next().unwrap();
    Some(address.replace("&amp;", "&"))
}

/// Leafs through a list from a page to the last in one direction. Returns what each page lists, and the address of the last one.
pub async fn walked(
    client: &Client,
    (first, rel): (&str, &str),
    opening: &str,
) -> (Vec<Vec<String>>, String) {
    let (mut pages, mut addresses) = (Vec::new(), vec![first.to_owned()]);
    loop {
        let text = client.get(addresses.last().unwrap()).await.is(200).text();
        pages.push(linked(&text, opening));
        match beside(&text, rel) {
            Some(next) => addresses.push(next),
            None => return (pages, addresses.pop().unwrap()),
        }
        assert!(pages.len() < 100, "it has no end");
    }
}

/// The same to the last page and back.
pub async fn leafed(client: &Client, first: &str, opening: &str) -> Vec<Vec<String>> {
    let (pages, last) = walked(client, (first, "next"), opening).await;
    let mut back = beside(&client.get(&last).await.text(), "prev");
    for page in pages.iter().rev().skip(1) {
        let text = client.get(&back.unwrap()).await.is(200).text();
        assert_eq!(linked(&text, opening), *page, "on the way back");
        back = beside(&text, "prev");
    }
    assert_eq!(back, None, "before the first page");
    pages
}
