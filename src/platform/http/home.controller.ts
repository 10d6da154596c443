import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../auth/requires.js';
import { Settings } from '../config/settings.js';

const links = (settings: Settings): [href: string, text: string][] => [
  ...(settings.localRun
    ? ([
        ['/dev/users', 'The demo people (sign in as one of them: POST /dev/sign-in)'],
        [settings.certn.baseUrl ?? '/', 'The stand-in Certn: play the candidate, and Certn'],
      ] as [string, string][])
    : []),
  ...(settings.production ? [] : ([['/openapi.json', 'The REST contract as OpenAPI']] as [string, string][])),
  ['/health/ready', 'Is the service ready?'],
];

const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A short page with the ways in, until there is a console. */
@ApiExcludeController()
@Public()
@Controller('/')
export class HomeController {
  constructor(private readonly settings: Settings) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  page(): string {
    const items = links(this.settings).map(
      ([href, text]) => `<li><a href="${escaped(href)}">${escaped(text)}</a></li>`,
    );
    return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>ATS with Certn background checks</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
  main { max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem }
  h1 { font-size: 1.5rem; line-height: 1.25 }
</style>
<main>
  <h1>ATS with Certn background checks</h1>
  <p>The service is running. Its REST interface is below <code>/ats/v0</code>.</p>
  <ul>${items.join('')}</ul>
</main></html>`;
  }
}
