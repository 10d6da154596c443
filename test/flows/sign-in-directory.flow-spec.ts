import type { JWTPayload } from 'jose';
import { createTeam } from '../../src/commands/team-create.js';
import { type RunningApp, startApp } from '../support/app.js';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { Person } from '../support/people.js';

interface User {
  id: string;
  external_id: string | null;
}
interface TestTeam {
  id: string;
  name: string;
  adminId: string;
  admin: Person;
}

let provider: IdentityProvider;
let app: RunningApp;
/** An ordinary customer, and one whose admin attacks it. */
let acme: TestTeam;
let mallory: TestTeam;
let count = 0;

beforeAll(async () => {
  provider = await startIdentityProvider();
  app = await startApp({ env: provider.env });
  acme = await aTeam('Acme');
  mallory = await aTeam('Mallory & Sons');
});
afterAll(async () => {
  await app?.close();
  provider.close();
});

async function aTeam(name: string): Promise<TestTeam> {
  const sub = `admin-${(count += 1)}`;
  const team = { name, adminEmail: `${sub}@example.org`, adminExternalId: sub };
  const { team_id, user_id } = await createTeam(app.databaseUrl, team);
  return { id: team_id, name, adminId: user_id, admin: await bearing({ sub }) };
}

const bearing = async (claims: JWTPayload): Promise<Person> => new Person(app.url, '', await provider.token(claims));
const verified = (sub: string, email: string): Promise<Person> => bearing({ sub, email, email_verified: true });
const inTeam = (team: TestTeam) => ({ 'x-team-id': team.id });

/** An identity at the provider that no test used before. */
function newIdentity() {
  count += 1;
  return { sub: `sub-${count}`, email: `person-${count}@example.org` };
}

async function listed(team: TestTeam, more: Record<string, unknown>): Promise<User> {
  const body = { name: 'Bob', access_level: 'standard', ...more };
  const answer = await team.admin.post<User>('/users', body);
  if (answer.status !== 201) throw new Error(`users answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

describe('A verified e-mail', () => {
  it('signs in a user without an external id, and binds it at once', async () => {
    const { sub, email } = newIdentity();
    const bob = await listed(acme, { email });
    expect((await (await verified(sub, email)).get('/me')).body).toMatchObject({ id: bob.id });
    expect((await acme.admin.get(`/users/${bob.id}`)).body).toMatchObject({ external_id: sub });
    expect((await (await bearing({ sub })).get('/me')).body).toMatchObject({ id: bob.id });
  });

  it('is audited once, when it binds', async () => {
    const { sub, email } = newIdentity();
    const bob = await listed(acme, { email });
    const person = await verified(sub, email);
    const answers = await Promise.all([1, 2, 3, 4].map(() => person.get('/me')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const log = await acme.admin.get(`/audit_log?action=user.sign_in_bind&entity_id=${bob.id}`);
    expect(log.body).toMatchObject([{ actor: { id: bob.id }, to: { issuer: expect.any(String) }, ip: '127.0.0.1' }]);
    expect(log.headers.get('x-total-count')).toBe('1');
  });

  it('never signs in a user who is bound to another external id, because a mailbox can be reassigned', async () => {
    const { sub, email } = newIdentity();
    const bob = await listed(acme, { email });
    expect((await (await verified(sub, email)).get('/me')).status).toBe(200);
    expect((await (await verified('sub-of-the-next-bob', email)).get('/me')).status).toBe(401);
    expect((await acme.admin.get(`/users/${bob.id}`)).body).toMatchObject({ external_id: sub });
  });

  it('does not sign in a user whose admin entered their external id', async () => {
    const { sub, email } = newIdentity();
    await listed(acme, { email, external_id: sub });
    expect((await (await verified('another-sub', email)).get('/me')).status).toBe(401);
    expect((await (await verified(sub, email)).get('/me')).status).toBe(200);
  });

  it('does not sign in a disabled user, and not as a colleague either', async () => {
    const [old, young] = [newIdentity(), newIdentity()];
    const bob = await listed(acme, { email: old.email });
    expect((await (await verified(old.sub, old.email)).get('/me')).status).toBe(200);
    await acme.admin.patch(`/users/${bob.id}`, { disabled: true });
    await listed(acme, { email: young.email });
    expect((await (await verified(old.sub, old.email)).get('/me')).status).toBe(401);
    expect((await (await verified(old.sub, young.email)).get('/me')).status).toBe(401);
  });

  it('binds again after an admin of the same team removed the old external id', async () => {
    const { sub, email } = newIdentity();
    const bob = await listed(acme, { email });
    expect((await (await verified(sub, email)).get('/me')).status).toBe(200);
    expect((await acme.admin.patch(`/users/${bob.id}`, { name: 'Robert' })).status).toBe(200);
    expect((await (await bearing({ sub })).get('/me')).status).toBe(200);
    expect((await acme.admin.patch(`/users/${bob.id}`, { external_id: null })).status).toBe(200);
    expect((await (await bearing({ sub })).get('/me')).status).toBe(401);
    expect((await (await verified('sub-anew', email)).get('/me')).body).toMatchObject({ id: bob.id });
  });
});

describe('An admin of another team', () => {
  it('learns nothing by entering the sign-in data of a person elsewhere', async () => {
    const [bound, unbound, stranger] = [newIdentity(), newIdentity(), newIdentity()];
    await listed(acme, { email: bound.email });
    await (await verified(bound.sub, bound.email)).get('/me');
    await listed(acme, { email: unbound.email, external_id: unbound.sub });
    const answers = [];
    for (const { sub, email } of [bound, unbound, stranger]) {
      const added = await mallory.admin.post<User>('/users', {
        name: 'x',
        email,
        external_id: sub,
        access_level: 'limited',
      });
      const seen = await mallory.admin.get<User>(`/users/${added.body.id}`);
      const moved = await mallory.admin.patch(`/users/${added.body.id}`, {
        email: `other-${email}`,
        external_id: null,
      });
      answers.push([added.status, seen.body.external_id === sub, Object.keys(seen.body).sort(), moved.status]);
    }
    expect(answers[0]?.[0]).toBe(201);
    expect(answers[0]).toEqual(answers[2]);
    expect(answers[1]).toEqual(answers[2]);
  });

  it.each([
    ['the external id', ({ sub }: { sub: string }) => ({ external_id: sub, email: `trap-${sub}@example.org` })],
    ['the address', ({ email }: { email: string }) => ({ email })],
    ['both', ({ sub, email }: { sub: string; email: string }) => ({ external_id: sub, email })],
  ])('cannot take over a person who has signed in by entering %s', async (_, trap) => {
    const { sub, email } = newIdentity();
    const bob = await listed(acme, { email });
    await (await verified(sub, email)).get('/me');
    await listed(mallory, trap({ sub, email }));
    for (const person of [await verified(sub, email), await bearing({ sub })]) {
      expect((await person.get('/me')).body).toMatchObject({ id: bob.id, team: { id: acme.id } });
    }
  });

  it.each([
    ['the external id', ({ sub }: { sub: string }) => ({ external_id: sub, email: `trap-${sub}@example.org` })],
    ['the address', ({ email }: { email: string }) => ({ email })],
    ['both', ({ sub, email }: { sub: string; email: string }) => ({ external_id: sub, email })],
  ])('neither blocks nor captures a person by entering %s first: the person chooses the team', async (_, trap) => {
    const { sub, email } = newIdentity();
    const caught = await listed(mallory, trap({ sub, email }));
    const bob = await listed(acme, { email });
    const person = await verified(sub, email);
    const asked = await person.get<{ errors: { headers: Record<string, string[]> } }>('/me');
    expect(asked.status).toBe(409);
    expect(asked.body).toMatchObject({ reason: 'choose_team' });
    expect(asked.body.errors.headers['x-team-id']?.toSorted()).toEqual(
      [`${acme.id} (Acme)`, `${mallory.id} (Mallory & Sons)`].toSorted(),
    );
    expect((await mallory.admin.get(`/users/${caught.id}`)).body).not.toHaveProperty('issuer');
    expect((await person.get('/me', inTeam(acme))).body).toMatchObject({ id: bob.id, team: { id: acme.id } });
    // From then on they belong to that team, without a choice.
    expect((await person.get('/me')).body).toMatchObject({ id: bob.id, team: { id: acme.id } });
  });

  it('cannot keep a person whom they listed before that person’s own team did', async () => {
    const { sub, email } = newIdentity();
    await listed(mallory, { email });
    const person = await verified(sub, email);
    expect((await person.get('/me')).body).toMatchObject({ team: { id: mallory.id } });
    const bob = await listed(acme, { email });
    expect((await person.get('/me', inTeam(acme))).body).toMatchObject({ id: bob.id, team: { id: acme.id } });
    // The user is bound in both teams, so neither is a default.
    expect((await person.get('/me')).body).toMatchObject({ reason: 'choose_team' });
  });
});

describe('The team that a request names', () => {
  it('must be one that the person belongs to', async () => {
    const { sub, email } = newIdentity();
    await listed(acme, { email });
    const person = await verified(sub, email);
    expect((await person.get('/me', inTeam(acme))).status).toBe(200);
    for (const id of [mallory.id, acme.id.toUpperCase(), 'nonsense', '%00', `${acme.id},${mallory.id}`]) {
      expect((await person.get('/me', { 'x-team-id': id })).body).toMatchObject({ reason: 'choose_team' });
    }
    const stranger = await verified('sub-stranger', 'stranger@example.org');
    expect((await stranger.get('/me', inTeam(acme))).body).toMatchObject({ code: 401, reason: 'unauthenticated' });
  });
});

describe('Within one team', () => {
  it('an address and an external id belong to one user', async () => {
    const { sub, email } = newIdentity();
    await listed(acme, { email, external_id: sub });
    const other = newIdentity();
    for (const [field, body] of [
      ['email', { email: email.toUpperCase() }],
      ['external_id', { email: other.email, external_id: sub }],
    ] as const) {
      const answer = await acme.admin.post('/users', { name: 'x', access_level: 'limited', ...body });
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({
        reason: 'already_taken',
        errors: { json: { [field]: [expect.any(String)] } },
      });
    }
  });
});
