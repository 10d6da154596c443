import type { AccountPart, CasesPart, OrdersPart, WebhooksPart } from '../../gateway/domain/vendor.js';
import {
  type AccountPlace,
  type OrderOutcome,
  type VendorCase,
  VendorFailure,
  type VendorPackage,
  type VendorWebhookEvent,
} from '../../gateway/domain/vendor-terms.js';

export const {{name}}Name = '{{pascalCase name}}';

/** Write me: its calls, with `gateway/http/`. Until then each fails, and no order leaves. */
export class {{pascalCase name}}Api implements AccountPart, OrdersPart, CasesPart, WebhooksPart {
  readonly path = '/{{name}}/webhook';

  async tryCredentials(): Promise<void> {
    throw unwritten();
  }

  async listPackages(): Promise<VendorPackage[]> {
    throw unwritten();
  }

  hostOf(_account: AccountPlace): string {
    return 'api.{{name}}.example';
  }

  portalUrl(_region: string): string {
    return 'https://{{name}}.example';
  }

  secretFormOf(_text: string): null {
    return null;
  }

  whyKeyRejected(_account: AccountPlace): string {
    return `The key is not one of ${ {{name}}Name }.`;
  }

  async placeOrder(): Promise<OrderOutcome> {
    return { kind: 'not_sent', message: unwritten().message, retryAfterMs: null };
  }

  async readCase(): Promise<VendorCase> {
    throw unwritten();
  }

  signatureIn(): string | null {
    return null;
  }

  verifyWebhook(): boolean {
    return false;
  }

  readWebhook(_rawBody: Buffer): VendorWebhookEvent | null {
    return null;
  }
}

const unwritten = (): VendorFailure =>
  new VendorFailure('give_up', 'not_permitted', `The service cannot call ${ {{name}}Name } yet.`);
