import { Migration } from '@mikro-orm/migrations';

/**
 * The changes feed. Transactions that change a thing add a row to `pending_change`, by triggers of the contexts. Numbering moves the
 * rows that are committed to `change`, which has one row for each thing: at the number of its last change.
 */
export class ChangeTables extends Migration {
  override up(): void {
    this.pending();
    this.numbered();
  }

  private pending(): void {
    // renamed: others show its name. spreads: who may see what belongs to it may have changed.
    // lost: who may have lost sight of it: only those with rights on the whole team, or anyone.
    this.addSql(`
      create table platform.pending_change (
        team_id uuid not null,
        id uuid not null default gen_random_uuid(),
        type text not null,
        subject_id uuid not null,
        renamed boolean not null default false,
        spreads boolean not null default false,
        lost text check (lost in ('team', 'any')),
        changed_at timestamptz(3) not null default now(),
        primary key (team_id, id)
      )`);
    this.addSql(`
      create function platform.note_change(
        team uuid, kind text, subject uuid, renamed boolean default false, spreads boolean default false, lost text default null
      ) returns void language plpgsql as $$
      begin
        insert into platform.pending_change (team_id, type, subject_id, renamed, spreads, lost)
        values (team, kind, subject, note_change.renamed, note_change.spreads, note_change.lost);
      end $$`);
  }

  private numbered(): void {
    // lost_seq, team_lost_seq: the number at which somebody, or somebody with rights on the whole team, may have lost sight of it.
    this.addSql(`
      create table platform.change (
        team_id uuid not null,
        type text not null,
        subject_id uuid not null,
        seq bigint not null,
        lost_seq bigint not null,
        team_lost_seq bigint not null,
        changed_at timestamptz(3) not null,
        primary key (team_id, type, subject_id)
      )`);
    this.addSql('create index change_in_order on platform.change (team_id, type, seq)');
    this.addSql('create index change_by_age on platform.change (team_id, changed_at)');
    // feed_id: part of every cursor, so that no other team's fits. forgotten_seq: the highest number that was deleted.
    this.addSql(`
      create table platform.change_feed (
        team_id uuid not null,
        feed_id uuid not null default gen_random_uuid(),
        last_seq bigint not null default 0,
        forgotten_seq bigint not null default 0,
        primary key (team_id)
      )`);
  }
}
