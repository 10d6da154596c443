import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { type ConnectionStateFacts, GetConnectionState, ListVendors, type VendorFacts } from '#contexts/integrations';
import { Settings } from '#platform/config/settings';
import { type CheckAnswer, checkAnswer, type CheckRow } from './check-answer.js';

/** What is known of vendors when checks are presented. */
export interface VendorsNow {
  /** The names of all vendors, by id. */
  names: ReadonlyMap<string, string>;
  /** The ids of those that the team can send checks to. */
  connected: ReadonlySet<string>;
}

export const noVendors: VendorsNow = { names: new Map(), connected: new Set() };

/** Presents checks as one caller may read them now. */
@Injectable()
export class CheckPresenter {
  constructor(
    private readonly queries: QueryBus,
    private readonly settings: Settings,
  ) {}

  async present(rows: CheckRow[], caller: Caller): Promise<CheckAnswer[]> {
    const vendors = await this.vendorsOf(caller.teamId, rows);
    return rows.map((row) => this.answer(row, caller, vendors));
  }

  answer(row: CheckRow, caller: Caller, { names, connected }: VendorsNow): CheckAnswer {
    const resendable = row.resendable && connected.has(row.vendor);
    return checkAnswer({ ...row, resendable }, names.get(row.vendor) ?? row.vendor, caller, this.settings.publicUrl);
  }

  /** For these checks. Only resendable ones depend on a connection. Usually there are none, and its query is saved. */
  vendorsOf(teamId: string, rows: readonly CheckRow[]): Promise<VendorsNow> {
    return this.vendorsNow(teamId, new Set(rows.filter(({ resendable }) => resendable).map(({ vendor }) => vendor)));
  }

  /** `asked`: the vendors whose connection matters. */
  async vendorsNow(teamId: string, asked: ReadonlySet<string>): Promise<VendorsNow> {
    const vendors = await this.queries.execute<ListVendors, VendorFacts[]>(new ListVendors());
    const connected = new Set<string>();
    for (const vendor of asked) if (await this.isConnected(teamId, vendor)) connected.add(vendor);
    return { names: new Map(vendors.map(({ id, name }) => [id, name])), connected };
  }

  private async isConnected(teamId: string, vendor: string): Promise<boolean> {
    const query = new GetConnectionState(teamId, vendor);
    const { state } = await this.queries.execute<GetConnectionState, ConnectionStateFacts>(query);
    return state === 'enabled';
  }
}
