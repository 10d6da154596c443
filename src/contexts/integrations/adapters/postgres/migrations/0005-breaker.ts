import { Migration } from '@mikro-orm/migrations';

/** How each vendor account's calls went lately: one row for all replicas, one or two writes an outage. */
export class Breaker extends Migration {
  override up(): void {
    this.addSql(`
      create table integrations.vendor_breaker (
        account_key text primary key,
        failures int not null default 0,
        openings int not null default 0,
        held_until timestamptz(3),
        spared_until timestamptz(3),
        probe_until timestamptz(3),
        throttled_until timestamptz(3),
        throttle_pause int
      )`);
  }
}
