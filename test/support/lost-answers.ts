import { type RunningApp, startApp } from './app.js';
import type { Sandbox } from './sandbox.js';
import type { SandboxCase, SandboxFault, SandboxLedgerLine, SandboxRequest } from './sandbox.js';
import { connectedTeam, type ConnectedTeam, type ReadyToSend, readyToSend, send } from './fixtures.js';

/** Reconciliation runs one, two and four seconds after the loss. The visibility lag is two seconds after an attempt's end. */
export const shortDelays = {
  ORDER_TIMEOUT_MS: '600',
  ORDER_OUTCOME_UNKNOWN_SECONDS: '1,2,4',
  ORDER_VISIBILITY_LAG_SECONDS: '2',
};

export const startAppWithShortTimeouts = (sandbox: Sandbox, env: Record<string, string> = {}): Promise<RunningApp> =>
  startApp({ env: { CERTN_BASE_URL: sandbox.url, ...shortDelays, ...env } });

/** A team whose candidates are not invited automatically, so that a known case stays at `sent`. */
export const aTeamWithoutInvitations = (app: RunningApp, sandbox: Sandbox, settings = {}): Promise<ConnectedTeam> =>
  connectedTeam(app, sandbox, { auto_deliver_ms: null, ...settings });

/** Makes the next order of this team fail in the given way. */
export const failOrders = (team: ConnectedTeam, kind: string, more: Partial<SandboxFault> = {}): Promise<unknown> =>
  team.sandbox.control.fault({ account: team.account.id, route: 'order-package', kind, times: 1, ...more });

export const failLists = (team: ConnectedTeam, kind: string, more: Partial<SandboxFault> = {}): Promise<unknown> =>
  team.sandbox.control.fault({ account: team.account.id, route: 'cases', kind, ...more });

export async function sends(team: ConnectedTeam, email?: string): Promise<{ id: string } & ReadyToSend> {
  const ready = await readyToSend(team, { email });
  const answer = await send(team.admin, ready);
  if (answer.status !== 201) throw new Error(`sending answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return { ...ready, id: answer.body.id };
}

/** The orders that Certn really executed, by its own ledger. */
export const ledgerOf = (team: ConnectedTeam): Promise<SandboxLedgerLine[]> =>
  team.sandbox.control.ledger({ account: team.account.id });

async function requestsOf(team: ConnectedTeam, path: string): Promise<SandboxRequest[]> {
  const all = await team.sandbox.control.requests({ account: team.account.id });
  return all.filter((request) => request.path.endsWith(path));
}

/** The order requests that Certn received, executed or not. */
export const attemptsOf = (team: ConnectedTeam): Promise<SandboxRequest[]> => requestsOf(team, '/order-package/');
export const listsOf = (team: ConnectedTeam): Promise<SandboxRequest[]> => requestsOf(team, '/cases/');

export const casesOf = (team: ConnectedTeam): Promise<SandboxCase[]> =>
  team.sandbox.control.cases({ account: team.account.id, limit: 500 });

/**
 * Begins the scenarios one after the other, each in its own team, and lets them continue in parallel: most of their time is
 * waiting. An error of a scenario is thrown where its outcome is requested.
 */
export async function runAll<Scenario, Started, Outcome>(
  scenarios: readonly Scenario[],
  begin: (scenario: Scenario) => Promise<Started>,
  goOn: (started: Started) => Promise<Outcome>,
): Promise<(scenario: Scenario) => Promise<Outcome>> {
  const outcomes = new Map<Scenario, Promise<Outcome>>();
  for (const scenario of scenarios) {
    const outcome = goOn(await begin(scenario));
    outcome.catch(() => undefined);
    outcomes.set(scenario, outcome);
  }
  return (scenario) => outcomes.get(scenario) ?? Promise.reject(new Error('No such scenario.'));
}
