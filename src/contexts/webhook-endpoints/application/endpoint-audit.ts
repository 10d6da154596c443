import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { Audit } from '#kernel/ports';
import { hostOf, type WebhookEndpoint } from '../domain/webhook-endpoint.js';

type Shown = Pick<WebhookEndpoint, 'url' | 'eventTypes' | 'includeResults' | 'includeNames' | 'disabledAt'>;

/** Without the path of the address, which may hold a key, and without the description, which may name a person. */
const fieldsOf = ({ url, eventTypes, includeResults, includeNames, disabledAt }: Shown) => ({
  host: hostOf(url),
  event_types: eventTypes,
  include_results: includeResults,
  include_names: includeNames,
  disabled: disabledAt !== null,
});

/** Records changes of endpoints in the audit log. */
@Injectable()
export class EndpointAudit {
  constructor(private readonly audit: Audit) {}

  record(
    caller: Caller,
    id: string,
    act: 'create' | 'update' | 'delete' | 'rotate_secret' | 'test' | 'replay',
    { from, to, more = {} }: { from?: Shown; to?: Shown; more?: Record<string, unknown> } = {},
  ): Promise<void> {
    return this.audit.record(caller, {
      action: `webhook_endpoint.${act}`,
      entity: 'webhook_endpoint',
      entityId: id,
      from: from ? fieldsOf(from) : {},
      to: { ...(to ? fieldsOf(to) : {}), ...more },
    });
  }
}
