import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import { Audit, Clock, Ids, UnitOfWork } from '#kernel/ports';
import type { Vendor } from '../../gateway/domain/vendor.js';
import { Vendors } from '../../gateway/domain/vendors.js';
import { Connection } from '../domain/connection.js';
import { Connections } from '../domain/connections.js';
import { WebhookStatuses } from '../domain/webhook-status.js';
import { AccountProbe, type ProbedAccount } from './account-probe.js';
import { ConnectionSecrets, type ConnectionInput, type WantedConnection } from './connection-secrets.js';
import { PackageCatalogue } from './packages.js';

/** Saves a team's connection to a vendor and enables it: the first one, new secrets for it, or another account that replaces it. */
export class Connect {
  constructor(
    readonly caller: Caller,
    /** The id of a vendor of this release. */
    readonly vendor: string,
    readonly input: ConnectionInput,
  ) {}
}

/** How often saving is tried when another request saves while the vendor is called. */
const maxAttempts = 3;

@CommandHandler(Connect)
export class ConnectHandler implements ICommandHandler<Connect, void> {
  constructor(
    private readonly connections: Connections,
    private readonly connectionSecrets: ConnectionSecrets,
    private readonly accounts: AccountProbe,
    private readonly packages: PackageCatalogue,
    private readonly webhookStatuses: WebhookStatuses,
    private readonly vendors: Vendors,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async execute({ caller, vendor: vendorId, input }: Connect): Promise<void> {
    caller.require('manage_integrations');
    const vendor = this.vendors.of(vendorId);
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const present = await this.connections.currentOf(caller.teamId, vendorId);
      const wanted = this.connectionSecrets.wanted(vendor, present, input);
      const account = await this.probe(caller, vendor, wanted, present);
      if (await this.store(caller, wanted, account, present)) {
        if (present && !account.known) await this.readPackages(caller.teamId, vendorId);
        return;
      }
    }
    const message = 'Another user is changing this connection. Check what they saved, then save again.';
    throw new DomainError('conflict', 'connection_changed', message);
  }

  /** Plans already name packages. Without the new account's list, all of them would be shown as missing. */
  private async readPackages(teamId: string, vendor: string): Promise<void> {
    try {
      await this.packages.list(teamId, vendor, { refresh: true });
    } catch (error) {
      // The connection is saved. The list is read again when a user opens the package picker.
      if (!(error instanceof DomainError)) throw error;
    }
  }

  private async probe(
    caller: Caller,
    vendor: Vendor,
    wanted: WantedConnection,
    present: Connection | null,
  ): Promise<ProbedAccount> {
    try {
      return await this.accounts.probe(vendor, wanted.credentials, present);
    } catch (error) {
      if (error instanceof DomainError && error.reason === 'api_key_rejected') {
        const { region, environment } = wanted.credentials;
        const [entity, entityId, to] = [
          'integration',
          present?.id ?? caller.teamId,
          { vendor: vendor.id, region, environment },
        ];
        await this.audit.record(caller, { action: 'integration.connect', entity, entityId, outcome: 'refused', to });
      }
      throw error;
    }
  }

  /** `false`: the connection changed since the decision was made. */
  private async store(
    caller: Caller,
    wanted: WantedConnection,
    account: ProbedAccount,
    decidedOn: Connection | null,
  ): Promise<boolean> {
    return this.unitOfWork.run(async () => {
      await this.connections.lock(caller.teamId);
      const present = await this.connections.currentOf(caller.teamId, wanted.vendor);
      if (present?.id !== decidedOn?.id || present?.version !== decidedOn?.version) return false;
      if (present && account.known) await this.renew(caller, present, wanted);
      else await this.open(caller, present, wanted, account);
      return true;
    });
  }

  private async renew(caller: Caller, connection: Connection, wanted: WantedConnection): Promise<void> {
    const now = this.clock.now();
    const { apiKey, webhookSecret } = this.connectionSecrets.sealFor(connection, wanted, connection, caller, now);
    const before = connection.state;
    if (wanted.keyIsNew) connection.replaceKey(apiKey, connection.accountKey, now);
    else if (before !== 'enabled') connection.enable(now);
    if (wanted.secretIsNew) connection.replaceWebhookSecret(webhookSecret, now, wanted.savedSecretDamaged);
    await this.connections.save(connection);
    if (wanted.secretIsNew) await this.webhookStatuses.restart(connection);
    const rotated = wanted.keyIsNew || wanted.secretIsNew;
    await this.audit.record(caller, {
      action: rotated ? 'integration.rotate' : 'integration.connect',
      entity: 'integration',
      entityId: connection.id,
      from: { state: before },
      to: { state: connection.state, api_key: wanted.keyIsNew, webhook_secret_key: wanted.secretIsNew },
    });
  }

  /** The replaced connection is kept for the cases that it placed. */
  private async open(
    caller: Caller,
    replaced: Connection | null,
    wanted: WantedConnection,
    account: ProbedAccount,
  ): Promise<void> {
    const now = this.clock.now();
    const place = { teamId: caller.teamId, id: this.ids.next() };
    const { apiKey, webhookSecret } = this.connectionSecrets.sealFor(place, wanted, replaced, caller, now);
    const { region, environment } = wanted.credentials;
    const { teamId, id } = place;
    const { accountKey } = account;
    const opened = new Connection(
      teamId,
      id,
      wanted.vendor,
      region,
      environment,
      apiKey,
      webhookSecret,
      accountKey,
      now,
      now,
    );
    opened.enable(now);
    replaced?.retire(now);
    // Saved first, because a team has only one current connection to a vendor at any time.
    if (replaced) await this.connections.save(replaced);
    await this.connections.add(opened);
    await this.audit.record(caller, {
      action: 'integration.connect',
      entity: 'integration',
      entityId: id,
      from: replaced ? { id: replaced.id, region: replaced.region, environment: replaced.environment } : {},
      to: { vendor: wanted.vendor, region, environment },
    });
  }
}
