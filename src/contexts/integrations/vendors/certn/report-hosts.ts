import type { ReportHosts } from '../../gateway/http/report-download.js';

/** All of Certn's own hosts are in this domain. */
const ownDomain = 'certn.co';

/** Certn's own hosts, and those outside of its domain where it keeps reports (`CERTN_REPORT_HOSTS`). */
export function certnReportHosts(others: readonly string[] = []): ReportHosts {
  return {
    allows: (host) => host === ownDomain || host.endsWith(`.${ownDomain}`) || others.includes(host),
    whyNot: (host) => `The report is at ${host}, which is not in CERTN_REPORT_HOSTS.`,
  };
}
