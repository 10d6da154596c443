import type { Clock } from '#kernel/ports';
import type { Capabilities, OrdersPart } from '../../../src/contexts/integrations/gateway/domain/vendor.js';
import type {
  Credentials,
  OrderOutcome,
  OrderToPlace,
  VendorCase,
} from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import { type FakeAccount, FakeVendor } from '../../support/fake-vendor.js';

/** The vendor in memory on the test's clock. */
export class ScriptedVendor extends FakeVendor {
  /** Happens once, while the next order is at the vendor. */
  meanwhile: () => Promise<unknown> = async () => undefined;

  /** Happens every time that the vendor is asked whether it accepts a key. */
  whileTrying: () => Promise<unknown> = async () => undefined;

  constructor(
    private readonly clock: Clock,
    capabilities?: Capabilities,
  ) {
    super(capabilities);
  }

  override addCase(account: FakeAccount, fields: Partial<VendorCase> = {}): VendorCase {
    return super.addCase(account, { createdAt: this.clock.now(), ...fields });
  }

  override async tryCredentials(credentials: Credentials): Promise<void> {
    await this.whileTrying();
    return super.tryCredentials(credentials);
  }

  override async placeOrder(
    credentials: Credentials,
    order: OrderToPlace,
    limits?: Parameters<OrdersPart['placeOrder']>[2],
  ): Promise<OrderOutcome> {
    const { meanwhile } = this;
    this.meanwhile = async () => undefined;
    await meanwhile();
    return super.placeOrder(credentials, order, limits);
  }
}
