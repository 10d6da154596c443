import { openReport } from '../../gateway/http/report-download.js';
import type { Resolve } from '#platform/outbound/public-address';
import { certnReportHosts } from './report-hosts.js';

const hosts = certnReportHosts(['files.example.org', 'localhost']);

describe('a report of Certn [E17]', () => {
  it.each([
    ['https://certn.co/r.pdf', true],
    ['https://reports.ca.certn.co/r.pdf', true],
    ['https://files.example.org/r.pdf', true],
    ['https://other.example.org/r.pdf', false],
    ['https://sub.files.example.org/r.pdf', false],
    ['https://notcertn.co/r.pdf', false],
    ['https://certn.co.example.org/r.pdf', false],
    ['https://example.org/?.certn.co', false],
    ['https://93.184.215.14/r.pdf', false],
  ])('is opened at Certn’s own hosts and at those that are named: %s %s', async (url, allowed) => {
    const asked: string[] = [];
    const resolve: Resolve = (host, _options, answer) => (asked.push(host), answer(new Error('ENOTFOUND'), []));
    const opening = openReport(url, { vendor: 'Certn', trustedOrigin: null, hosts, timeoutMs: 20_000, resolve });
    await expect(opening).rejects.toMatchObject({ reason: allowed ? 'unreachable' : 'unusable' });
    expect(asked).toEqual(allowed ? [new URL(url).hostname] : []);
  });

  it('elsewhere names the setting that would allow it', () => {
    expect(hosts.whyNot('other.example.org')).toBe(
      'The report is at other.example.org, which is not in CERTN_REPORT_HOSTS.',
    );
  });
});
