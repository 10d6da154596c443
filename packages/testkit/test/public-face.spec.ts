import {
  certnStandInProgram,
  faultRows,
  judgeOrders,
  playFault,
  type RunningCertnStandIn,
  type SandboxAccount,
  startCertnStandIn,
} from '../src/index.ts';

let certn: RunningCertnStandIn;
beforeAll(async () => {
  certn = await startCertnStandIn();
});
afterAll(() => certn.stop());

const quiet = { enforce_rate_limit: false, auto_deliver_ms: null };
let named = 0;
const anAccount = (): Promise<SandboxAccount> =>
  certn.control.createAccount({ name: `account ${(named += 1)}`, settings: quiet });

/** One order, as a client that never tries again. The id of the case, or null when the answer does not tell it. */
async function order(account: SandboxAccount, email: string): Promise<string | null> {
  const answer = await fetch(`${certn.url}/api/public/cases/order-package/`, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(700),
    headers: { authorization: `Api-Key ${account.api_key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ package: account.packages[0]?.id, email_address: email }),
  });
  const { id } = (await answer.json()) as { id?: unknown };
  return answer.status === 201 && typeof id === 'string' ? id : null;
}

describe('The stand-in in the process of a test', () => {
  it('takes an order, plays candidate and Certn, and remembers what was ordered', async () => {
    const account = await anAccount();
    const id = await order(account, 'noor@example.org');
    for (const move of ['deliver', 'open', 'start', 'submit', 'progress', 'complete'])
      await certn.control.act(id ?? '', move);
    expect(await certn.control.case(id ?? '')).toMatchObject({ overall_status: 'COMPLETE', overall_score: 'CLEAR' });
    expect(judgeOrders(await certn.control.ledger({ account: account.id }), ['noor@example.org'])).toEqual([]);
  });

  it.each(faultRows.filter((row) => row.accepted !== undefined).map((row) => [row.id, row.title, row] as const))(
    '%s: %s, and the ledger says what was really ordered',
    async (_id, _title, row) => {
      const account = await anAccount();
      await playFault(certn.control, account.id, row);
      expect(await order(account, 'lost@example.org').catch(() => null)).toBeNull();
      const [entry] = (await certn.control.requests({ account: account.id })).slice(-1);
      expect(entry?.fault).toBe(row.fault?.kind);
      // What is done after the client has left is in the ledger a moment later.
      if (row.fault?.kind === 'hang-then-commit') return;
      const ledger = await certn.control.ledger({ account: account.id });
      expect(judgeOrders(ledger, row.accepted ? ['lost@example.org'] : [])).toEqual([]);
    },
  );

  it('accepts every other row of the catalogue', async () => {
    for (const row of faultRows) await playFault(certn.control, (await anAccount()).id, row);
    await certn.control.clearFaults();
  });

  it('links to the address that it is reached at', async () => {
    const own = await startCertnStandIn();
    const account = await own.control.createAccount({ name: 'mapped', settings: quiet });
    await own.control.setAddress('http://mapped.example.org:1234/');
    const made = await own.control.createPortalCase({ account: account.id, email_address: 'a@example.org' });
    expect(made.invite_link).toMatch(/^http:\/\/mapped\.example\.org:1234\/candidate\//);
    await own.stop();
  });

  it('is also a program', () => {
    expect(certnStandInProgram).toMatch(/packages\/testkit\/src\/main\.ts$/);
  });
});

describe('The judge of orders', () => {
  const line = (email: string) => ({ time: '', account: '', case: '', package: null, email, request: '' });

  it('names each order that is missing, doubled or unasked', () => {
    const ledger = [line('Twice@example.org'), line('twice@example.org'), line('unasked@example.org')];
    expect(judgeOrders(ledger, ['twice@example.org', 'missing@example.org'])).toEqual([
      'twice@example.org was ordered 2 times, not 1',
      'missing@example.org was ordered 0 times, not 1',
      'unasked@example.org was ordered 1 times, not 0',
    ]);
  });
});
