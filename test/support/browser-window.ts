import { type Answer, call } from './people.js';

/** Handles cookies and redirects like a browser. It renders no page and runs no script. */
export class BrowserWindow {
  /** By name. A browser keeps cookies by host, not by port, and here there is one host. */
  readonly cookies = new Map<string, string>();
  /** Every `Set-Cookie` header that was received. */
  readonly set: string[] = [];

  /** The final address after redirects, and its response. */
  async open(address: string, form?: Record<string, string>): Promise<Answer<string> & { url: string }> {
    let url = address;
    let answer = await this.ask(url, form ? 'POST' : 'GET', form && new URLSearchParams(form));
    while (answer.status >= 300 && answer.status < 400) {
      url = new URL(answer.headers.get('location') ?? '', url).href;
      answer = await this.ask(url, 'GET');
    }
    return { url, ...answer };
  }

  /** Sends one request. A redirect is not followed. */
  async ask(url: string, method: string, form?: URLSearchParams): Promise<Answer<string>> {
    const type: Record<string, string> = form ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
    const answer = await call<string>(url, method, '', form?.toString(), { ...this.cookieHeader(), ...type });
    this.take(answer.headers);
    return answer;
  }

  /** Calls the API as the console does, from the same origin. */
  async api<T = Record<string, unknown>>(
    url: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<T>> {
    const headers = { ...this.cookieHeader(), 'sec-fetch-site': 'same-origin', 'x-csrf-protection': '1' };
    const answer = await call<T>(url, method, path, body, { ...headers, origin: new URL(url).origin });
    this.take(answer.headers);
    return answer;
  }

  /** Another window of the same browser, or an attacker who copied its cookies. */
  copy(): BrowserWindow {
    const other = new BrowserWindow();
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    return other;
  }

  cookieHeader(): Record<string, string> {
    if (this.cookies.size === 0) return {};
    return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  private take(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      this.set.push(line);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

/** Signs in at the provider and follows the redirects to the last page. */
export async function signInAtProvider(window: BrowserWindow, start: string, email: string) {
  const login = await window.open(start);
  const consent = await window.open(login.url, { prompt: 'login', login: email, password: 'anything' });
  if (!consent.url.includes('/interaction/')) return consent;
  return window.open(consent.url, { prompt: 'consent' });
}

/** A browser with a session at `app`. */
export async function signedInWindow(app: { url: string }, email: string): Promise<BrowserWindow> {
  const window = new BrowserWindow();
  await signInAtProvider(window, `${app.url}/auth/sign-in`, email);
  return window;
}
