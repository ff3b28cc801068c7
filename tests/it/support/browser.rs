//! A browser without JavaScript: cookies, redirects, and forms filled in as they stand.

use scraper::{ElementRef, Html, Selector};
use std::cell::RefCell;
use std::collections::BTreeMap;
use syncom::config::LAB_PASSWORD;
use url::Url;

/// Redirects in a row that are followed.
const REDIRECTS: usize = 5;

/// What is posted: its kind, and the bytes.
type Body = (String, Vec<u8>);

/// One person's browser.
pub struct Browser {
    http: reqwest::Client,
    base: Url,
    cookies: RefCell<BTreeMap<String, String>>,
}

/// A page, with where the redirects ended.
pub struct Page {
    /// The status.
    pub status: u16,
    /// Path and query.
    pub path: String,
    /// The markup.
    pub html: String,
}

/// A form of a page, filled in.
#[derive(Clone, Debug)]
pub struct Form {
    action: String,
    post: bool,
    fields: Vec<(String, String)>,
}

impl Browser {
    /// A fresh one.
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            // On a connection that idled, the server may hang up just as the next request is sent.
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        let base = Url::parse(base).unwrap();
        Self { http, base, cookies: RefCell::default() }
    }

    /// One in which a person of the lab has signed in.
    pub async fn signed_in(base: &str, name: &str) -> Self {
        let browser = Self::new(base);
        let page = browser.get("/login").await;
        let form = page.form("form").set("username", name).set("password", LAB_PASSWORD);
        let page = browser.submit(form).await;
        assert_eq!(page.status, 200, "{name} cannot sign in: {}", page.text());
        assert!(!page.path.starts_with("/login"), "{name} cannot sign in: {}", page.text());
        browser
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        self.send(path, None).await
    }

    /// Downloads a file: its status, and its bytes.
    pub async fn bytes(&self, path: &str) -> (u16, Vec<u8>) {
        let answer = self.send_once(&self.base.join(path).unwrap(), None).await;
        (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
    }

    /// The name under which a browser would save what a link leads to.
    pub async fn file_name(&self, path: &str) -> String {
        let answer = self.send_once(&self.base.join(path).unwrap(), None).await;
        let header = answer.headers()["content-disposition"].to_str().unwrap();
        let name = header.split("filename=\"").nth(1).unwrap();
        name.split('"').next().unwrap().to_owned()
    }

    /// Posts fields, without asking any page first: as forgers do.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(path, Some(urlencoded(serde_urlencoded::to_string(fields).unwrap()))).await
    }

    /// Sends a form.
    pub async fn submit(&self, form: Form) -> Page {
        let fields = serde_urlencoded::to_string(&form.fields).unwrap();
        if form.post {
            return self.send(&form.action, Some(urlencoded(fields))).await;
        }
        let path = form.action.split('?').next().unwrap();
        self.get(&format!("{path}?{fields}")).await
    }

    /// Sends a form whose answer is a file: its status, and its bytes.
    pub async fn save(&self, form: Form) -> (u16, Vec<u8>) {
        let fields = serde_urlencoded::to_string(&form.fields).unwrap();
        let url = self.base.join(&form.action).unwrap();
        let answer = self.send_once(&url, Some(urlencoded(fields))).await;
        (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
    }

    /// Sends a form with a file, as a browser does.
    pub async fn upload(&self, form: Form, file: (&str, &[u8])) -> Page {
        let boundary = "a-boundary-of-tests";
        let mut body = Vec::new();
        for (name, value) in form.fields.iter().filter(|(name, _)| name != "file") {
            let head = format!("Content-Disposition: form-data; name=\"{name}\"");
            body.extend(format!("--{boundary}\r\n{head}\r\n\r\n{value}\r\n").bytes());
        }
        let head =
            format!("Content-Disposition: form-data; name=\"file\"; filename=\"{}\"", file.0);
        body.extend(format!("--{boundary}\r\n{head}\r\n\r\n").bytes());
        body.extend(file.1);
        body.extend(format!("\r\n--{boundary}--\r\n").bytes());
        let url = self.base.join(&form.action).unwrap();
        let kind = format!("multipart/form-data; boundary={boundary}");
        let answer = self.send_once(&url, Some((kind, body))).await;
        match answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned()) {
            Some(target) => self.get(&target).await,
            None => page(&url, answer).await,
        }
    }

    async fn send(&self, path: &str, mut body: Option<Body>) -> Page {
        let mut url = self.base.join(path).unwrap();
        for _ in 0..REDIRECTS {
            let answer = self.send_once(&url, body.take()).await;
            let target = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
            match target {
                Some(target) => url = url.join(&target).unwrap(),
                None => return page(&url, answer).await,
            }
            assert_eq!(url.origin(), self.base.origin(), "a redirect leads away");
        }
        panic!("more than {REDIRECTS} redirects from {path}");
    }

    async fn send_once(&self, url: &Url, body: Option<Body>) -> reqwest::Response {
        let request = match body {
            Some((kind, body)) => {
                self.http.post(url.clone()).header("content-type", kind).body(body)
            }
            None => self.http.get(url.clone()),
        };
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        for set in answer.headers().get_all("set-cookie") {
            self.keep(set.to_str().unwrap());
        }
        answer
    }

    fn keep(&self, set: &str) {
        let (name, rest) = set.split_once('=').unwrap();
        let value = rest.split(';').next().unwrap();
        let mut cookies = self.cookies.borrow_mut();
        if rest.to_lowercase().contains("max-age=0") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

fn urlencoded(fields: String) -> Body {
    ("application/x-www-form-urlencoded".to_owned(), fields.into_bytes())
}

async fn page(url: &Url, answer: reqwest::Response) -> Page {
    let status = answer.status().as_u16();
    let query = url.query().map_or(String::new(), |query| format!("?{query}"));
    let path = format!("{}{query}", url.path());
    Page { status, path, html: answer.text().await.unwrap() }
}

impl Page {
    /// What a reader sees of the whole page, blanks folded.
    pub fn text(&self) -> String {
        text(Html::parse_document(&self.html).root_element())
    }

    /// The texts of all elements that fit.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        Html::parse_document(&self.html).select(&selector).map(text).collect()
    }

    /// The text of the only element that fits.
    pub fn one(&self, selector: &str) -> String {
        let mut texts = self.texts(selector);
        assert_eq!(texts.len(), 1, "{selector} on {}: {texts:?}\n{}", self.path, self.text());
        texts.remove(0)
    }

    /// An attribute of all elements that fit.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        let document = Html::parse_document(&self.html);
        let found = document.select(&selector).filter_map(|element| element.attr(name));
        found.map(str::to_owned).collect()
    }

    /// The rows of a table of alerts that are of this kind.
    pub fn alerts(&self, kind: &str) -> Vec<String> {
        let rows = self.table("Sev").into_iter().map(|row| row.join(" | "));
        rows.filter(|row| row.contains(kind)).collect()
    }

    /// The rows of the first table whose header has this column: the texts of their cells.
    pub fn table(&self, column: &str) -> Vec<Vec<String>> {
        let (tables, rows) = (selector("table"), selector("tbody tr"));
        let (heads, cells) = (selector("thead th"), selector("td, th"));
        let document = Html::parse_document(&self.html);
        let table = document
            .select(&tables)
            .find(|table| table.select(&heads).any(|head| text(head).starts_with(column)));
        let Some(table) = table else { return Vec::new() };
        table.select(&rows).map(|row| row.select(&cells).map(text).collect()).collect()
    }

    /// Where the last link with this text leads.
    pub fn last_link(&self, label: &str) -> String {
        let document = Html::parse_document(&self.html);
        let links = selector("a[href]");
        let link = document.select(&links).rfind(|link| text(*link) == label);
        let link =
            link.unwrap_or_else(|| panic!("no link {label} on {}: {}", self.path, self.text()));
        link.attr("href").unwrap().to_owned()
    }

    /// Where the link with this text leads.
    pub fn link(&self, label: &str) -> String {
        let document = Html::parse_document(&self.html);
        let links = selector("a[href]");
        let link = document.select(&links).find(|link| text(*link) == label);
        let link =
            link.unwrap_or_else(|| panic!("no link {label} on {}: {}", self.path, self.text()));
        link.attr("href").unwrap().to_owned()
    }

    /// The first form that fits, with the values that its fields have.
    pub fn form(&self, fits: &str) -> Form {
        let document = Html::parse_document(&self.html);
        let forms = selector(fits);
        let form = document.select(&forms).next();
        let form = form.unwrap_or_else(|| panic!("no {fits} on {}: {}", self.path, self.text()));
        let action = form.attr("action").filter(|action| !action.is_empty());
        Form {
            action: action.unwrap_or(&self.path).to_owned(),
            post: form.attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post")),
            fields: form.select(&selector("input, textarea, select")).filter_map(field).collect(),
        }
    }
}

/// What a browser would send of a field that nobody touched.
fn field(element: ElementRef) -> Option<(String, String)> {
    let name = element.attr("name").filter(|_| element.attr("disabled").is_none())?;
    let value = match (element.value().name(), element.attr("type").unwrap_or("text")) {
        ("textarea", _) => element.text().collect(),
        ("select", _) => {
            let chosen = element.select(&selector("option[selected]")).next();
            let first = || element.select(&selector("option")).next();
            chosen.or_else(first)?.attr("value")?.to_owned()
        }
        (_, "checkbox" | "radio") => {
            element.attr("checked")?;
            element.attr("value").unwrap_or("on").to_owned()
        }
        (_, "submit" | "button") => return None,
        _ => element.attr("value").unwrap_or_default().to_owned(),
    };
    Some((name.to_owned(), value))
}

impl Form {
    /// Fills a field in.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(field, _)| field == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// The same form, sent by a button that leads elsewhere.
    #[must_use]
    pub fn to(self, action: &str) -> Self {
        Self { action: action.to_owned(), ..self }
    }

    /// Leaves a field out, such as a box that is not ticked any more.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self
    }

    /// Ticks one more of several boxes that have the same name.
    #[must_use]
    pub fn tick(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The first field whose name begins so, with its value.
    pub fn first(&self, name: &str) -> Option<(String, String)> {
        self.fields.iter().find(|(field, _)| field.starts_with(name)).cloned()
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

fn text(element: ElementRef) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
