import type {
  OrderOutcome,
  OrderSearch,
  OrderToPlace,
  VendorCase,
} from '../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import { FakeVendor } from '../support/fake-vendor.js';
import { currentRun, type Run } from './run.js';

/** The connection to the vendor: the explorer gives every answer. */
export class ScriptedVendor extends FakeVendor {
  /** Same order as the adapter: connect, check the time limit, hand the bytes over, wait for the answer. */
  override async placeOrder(
    _credentials: unknown,
    { packageId, email }: OrderToPlace,
    limits?: { isOver?: () => boolean },
  ): Promise<OrderOutcome> {
    const run = runOf('placeOrder');
    const refused = await run.vendor<OrderOutcome | null>('connect', {});
    if (refused) return refused;
    if (limits?.isOver?.()) return { kind: 'not_sent', message: 'Too late to be sent.', retryAfterMs: null };
    const first = await run.vendor<OrderOutcome | { send: number }>('hand over', { packageId, email });
    return 'kind' in first ? first : run.vendor<OrderOutcome>('answer', first);
  }

  override async findOrders(
    _credentials: unknown,
    search: OrderSearch,
    beforePage?: (page: number) => Promise<void>,
  ): Promise<VendorCase[]> {
    const run = runOf('findOrders');
    await beforePage?.(1);
    return run.vendor<VendorCase[]>('list', search);
  }

  override async readCase(_credentials: unknown, caseId: string): Promise<VendorCase> {
    return runOf('readCase').vendor<VendorCase>('read the case', { caseId });
  }
}

function runOf(call: string): Run {
  const run = currentRun();
  if (!run) throw new Error(`${call} outside a run`);
  return run;
}
