import type { Id } from '#kernel/id';
import type { Clock } from '#kernel/ports';
import type {
  DisabledReason,
  WebhookEndpoint,
} from '../../../src/contexts/webhook-endpoints/domain/webhook-endpoint.js';
import { WebhookEndpoints } from '../../../src/contexts/webhook-endpoints/domain/webhook-endpoints.js';
import { type FakeStore, FakeTable } from '../fake-store.js';

const keyOf = (teamId: string, id: string): string => `${teamId}/${id}`;

/** Passes the suite of `WebhookEndpoints`. */
export class FakeWebhookEndpoints extends WebhookEndpoints {
  private readonly table: FakeTable<WebhookEndpoint>;

  constructor(
    private readonly store: FakeStore,
    private readonly clock: Clock,
  ) {
    super();
    this.table = new FakeTable(store);
  }

  async find(teamId: string, id: Id): Promise<WebhookEndpoint | null> {
    return this.table.get(keyOf(teamId, id)) ?? null;
  }

  async lock(teamId: string, id: Id): Promise<WebhookEndpoint | null> {
    await this.store.lock(`webhook-endpoint/${keyOf(teamId, id)}`);
    return this.find(teamId, id);
  }

  async ofTeam(teamId: string): Promise<WebhookEndpoint[]> {
    const own = this.table.all().filter((endpoint) => endpoint.teamId === teamId);
    return own.sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  async add(endpoint: WebhookEndpoint, most: number): Promise<boolean> {
    const { teamId, id } = endpoint;
    await this.store.lock(`webhook-endpoints/${teamId}`);
    if ((await this.ofTeam(teamId)).length >= most) return false;
    this.table.set(keyOf(teamId, id), { ...endpoint });
    return true;
  }

  async save(endpoint: WebhookEndpoint): Promise<void> {
    this.table.set(keyOf(endpoint.teamId, endpoint.id), { ...endpoint });
  }

  async remove(teamId: string, id: Id): Promise<void> {
    this.table.delete(keyOf(teamId, id));
  }

  async noteSuccess(teamId: string, id: Id): Promise<void> {
    await this.change(teamId, id, () => ({ failingSince: null }));
  }

  async noteFailure(teamId: string, id: Id): Promise<Date> {
    const now = this.clock.now();
    const changed = await this.change(teamId, id, ({ failingSince }) => ({ failingSince: failingSince ?? now }));
    return changed?.failingSince ?? now;
  }

  async disable(teamId: string, id: Id, reason: DisabledReason): Promise<boolean> {
    const endpoint = await this.find(teamId, id);
    if (!endpoint || endpoint.disabledAt) return false;
    await this.save({ ...endpoint, disabledAt: this.clock.now(), disabledReason: reason });
    return true;
  }

  private async change(
    teamId: string,
    id: Id,
    how: (endpoint: WebhookEndpoint) => Partial<WebhookEndpoint>,
  ): Promise<WebhookEndpoint | null> {
    const endpoint = await this.find(teamId, id);
    if (!endpoint) return null;
    const changed = { ...endpoint, ...how(endpoint) };
    await this.save(changed);
    return changed;
  }
}
