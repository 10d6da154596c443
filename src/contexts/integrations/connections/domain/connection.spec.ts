import { ConnectionStateChanged } from '../../contract.js';
import { Connection, type SealedSecret } from './connection.js';

const now = new Date('2026-11-23T10:00:00.000Z');
const later = new Date('2026-11-23T11:00:00.000Z');
const refused = { reason: 'key_refused', message: 'Certn refused the API key.', at: now.toISOString() } as const;

describe('a connection', () => {
  it('is enabled from its start', () => {
    expect(aConnection().state).toBe('enabled');
  });

  it('requires action once the vendor refuses the key, and publishes one event until it is fixed', () => {
    const connection = aConnection();
    connection.requireAction(refused, now);
    connection.requireAction({ ...refused, reason: 'misdirected' }, later);
    expect(connection.state).toBe('action_required');
    expect(connection.attention).toEqual(refused);
    expect(connection.releaseEvents()).toEqual([new ConnectionStateChanged('team')]);
  });

  it('is fixed and enabled again by a key that the vendor accepts [R-21]', () => {
    const connection = aConnection();
    connection.requireAction(refused, now);
    connection.disable(now);
    connection.releaseEvents();
    connection.replaceKey(aSecret('new'), 'host#new', later);
    expect(connection).toMatchObject({ state: 'enabled', attention: null, accountKey: 'host#new' });
    expect(connection.apiKey.sealed).toBe('new');
    expect(connection.releaseEvents()).toEqual([new ConnectionStateChanged('team')]);
  });

  it('accepts the previous webhook secret for another 24 hours', () => {
    const connection = aConnection();
    connection.replaceWebhookSecret(aSecret('second'), now);
    expect(connection.previousWebhookSecret).toBe('secret');
    expect(connection.previousAcceptedUntil).toEqual(new Date('2026-11-24T10:00:00.000Z'));
    expect(connection.webhookSecret.sealed).toBe('second');
  });

  it('is disabled once, even while it requires action', () => {
    const connection = aConnection();
    connection.disable(now);
    connection.requireAction(refused, now);
    connection.disable(later);
    expect(connection.state).toBe('disabled');
    expect(connection.disabledAt).toEqual(now);
    connection.enable(later);
    expect(connection.state).toBe('enabled');
  });

  it('keeps its credentials when another connection replaces it', () => {
    const connection = aConnection();
    connection.retire(later);
    expect(connection).toMatchObject({ current: false, state: 'enabled', apiKey: aSecret('key') });
  });

  it('knows the host where its cases live', () => {
    expect(aConnection().host).toBe('https://host');
  });
});

const aSecret = (sealed: string): SealedSecret => ({
  sealed,
  last4: '9f3a',
  savedAt: now.toISOString(),
  savedBy: 'ada',
});

const aConnection = (): Connection =>
  new Connection(
    'team',
    'connection',
    'certn',
    'ca',
    'production',
    aSecret('key'),
    aSecret('secret'),
    'https://host#fingerprint',
    now,
    now,
  );
