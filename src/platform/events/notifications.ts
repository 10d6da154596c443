import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { sql } from 'kysely';
import pg from 'pg';
import { Settings } from '../config/settings.js';
import { impatience } from '../database/connections.js';
import { Database } from '../database/database.js';
import { Outage } from '../outage.js';

const reconnectDelayMs = 500;
/** A connection that only listens would not notice that the other end is gone. */
const heartbeatMs = 5_000;

type Listener = (payload: string) => void;

/**
 * Postgres LISTEN/NOTIFY: notifies every replica of a change after its commit. A hint only. After a lost connection, listeners are
 * called with an empty payload, because they may have missed anything.
 */
@Injectable()
export class Notifications implements OnApplicationShutdown {
  private readonly outage = new Outage(new Logger('notifications'), 'the listening connection');
  private readonly listeners = new Map<string, Set<Listener>>();
  private client: pg.Client | undefined;
  private connecting: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
  ) {}

  /** Inside a transaction the notification is sent at the commit. */
  async notify(channel: string, payload: string): Promise<void> {
    await this.database.rows(sql`select pg_notify(${channel}, ${payload})`);
  }

  /** Resolves once listening. The returned function stops it. */
  async listen(channel: string, listener: Listener): Promise<() => void> {
    const listeners = this.listeners.get(channel) ?? new Set();
    this.listeners.set(channel, listeners.add(listener));
    await (this.connecting ??= this.firstConnection());
    await this.client?.query(`listen ${pg.escapeIdentifier(channel)}`);
    return () => listeners.delete(listener);
  }

  private async firstConnection(): Promise<void> {
    try {
      await this.connect();
    } catch (error) {
      // The next call of `listen` tries again.
      this.connecting = undefined;
      throw error;
    }
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      ...impatience,
      connectionString: this.settings.databaseUrl,
      application_name: 'notifications',
    });
    client.on('notification', (n) => this.listeners.get(n.channel)?.forEach((tell) => tell(n.payload ?? '')));
    // A terminated connection emits its error twice. Without a listener the second would end the process.
    client.on('error', (error) => this.reconnect(client, error));
    client.once('end', () => this.reconnect(client, new Error('it was ended')));
    await client.connect();
    this.client = client;
    const heartbeat = setInterval(() => void client.query('select 1').catch(() => undefined), heartbeatMs).unref();
    client.once('end', () => clearInterval(heartbeat));
  }

  private reconnect(lost: pg.Client, why: Error): void {
    if (this.stopped || this.client !== lost) return;
    this.client = undefined;
    this.outage.note(why);
    this.connecting = this.connectAgain();
  }

  private async connectAgain(): Promise<void> {
    while (!this.stopped) {
      await new Promise((resolve) => setTimeout(resolve, reconnectDelayMs));
      try {
        await this.connect();
        for (const channel of this.listeners.keys()) await this.client?.query(`listen ${pg.escapeIdentifier(channel)}`);
        for (const listeners of this.listeners.values()) listeners.forEach((tell) => tell(''));
        return;
      } catch (error) {
        this.outage.note(error);
        const half = this.client;
        this.client = undefined;
        await half?.end().catch(() => undefined);
      }
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.client?.end().catch(() => undefined);
  }
}
