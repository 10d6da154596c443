import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { type ConnectionStateFacts, GetConnectionState } from '#contexts/integrations';
import { Settings } from '#platform/config/settings';
import { type CheckAnswer, checkAnswer, type CheckRow } from './check-answer.js';

/** Presents checks as one caller may read them now. */
@Injectable()
export class CheckPresenter {
  constructor(
    private readonly queries: QueryBus,
    private readonly settings: Settings,
  ) {}

  async present(rows: CheckRow[], caller: Caller): Promise<CheckAnswer[]> {
    // Only resendable checks depend on the connection. Usually there are none, and the query is saved.
    const connected = rows.some(({ resendable }) => resendable) && (await this.isConnected(caller.teamId));
    return rows.map((row) => this.answer(row, caller, connected));
  }

  answer(row: CheckRow, caller: Caller, connected: boolean): CheckAnswer {
    return checkAnswer({ ...row, resendable: row.resendable && connected }, caller, this.settings.publicUrl);
  }

  async isConnected(teamId: string): Promise<boolean> {
    const query = new GetConnectionState(teamId);
    const { state } = await this.queries.execute<GetConnectionState, ConnectionStateFacts>(query);
    return state === 'enabled';
  }
}
