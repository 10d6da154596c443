import { Injectable } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import { FindPackage, type PackageFacts } from '../../contract.js';
import { asDomainError } from '../../gateway/application/vendor-errors.js';
import { VendorFailure } from '../../gateway/domain/vendor-terms.js';
import { Vendors } from '../../gateway/domain/vendors.js';
import type { Connection } from '../domain/connection.js';
import { Connections } from '../domain/connections.js';
import { notEnabled } from '../domain/errors.js';
import { AttachedPackages, type KnownPackages, Packages } from '../domain/packages.js';
import { ConnectionCalls } from './connection-calls.js';

/** How old a list may be before the vendor is called again. */
const freshSeconds = 60;

/** `stale`: older than `freshSeconds`, because the vendor could not be reached. `environment`: where orders placed now go. */
export type PackageList = KnownPackages & { stale: boolean; environment: Connection['environment'] };

/** The packages of a team's current account at a vendor. */
@Injectable()
export class PackageCatalogue {
  private readonly inProgress = new Map<string, Promise<PackageList>>();

  constructor(
    private readonly connections: Connections,
    private readonly packages: Packages,
    private readonly vendors: Vendors,
    private readonly calls: ConnectionCalls,
  ) {}

  /** Throws `integration_not_enabled` (409); without any list `vendor_unreachable` (503) or `budget_exhausted` (429). */
  async list(teamId: string, vendor: string, options: { refresh: boolean }): Promise<PackageList> {
    const connection = await this.connections.currentOf(teamId, vendor);
    if (!connection || connection.state === 'disabled') throw notEnabled(this.vendors.of(vendor).name);
    const { environment } = connection;
    const known = await this.packages.lastKnown(connection);
    if (known && known.ageSeconds < freshSeconds && !options.refresh) return { ...known, stale: false, environment };
    try {
      return await this.read(connection);
    } catch (error) {
      const outOfReach = error instanceof VendorFailure || (error instanceof DomainError && error.kind === 'too_many');
      if (outOfReach && known) return { ...known, stale: true, environment };
      throw error instanceof VendorFailure ? noList(error) : error;
    }
  }

  /** Reads the list from the vendor now. Concurrent callers share one read. Throws `VendorFailure`. */
  read(connection: Connection, purpose: 'read' | 'test' = 'read'): Promise<PackageList> {
    const key = `${connection.id}/${connection.version}`;
    const running = this.inProgress.get(key);
    if (running) return running;
    const fetching = this.fetch(connection, purpose).finally(() => this.inProgress.delete(key));
    this.inProgress.set(key, fetching);
    return fetching;
  }

  private async fetch(connection: Connection, purpose: 'read' | 'test'): Promise<PackageList> {
    const found = await this.calls.call(connection, purpose, (key, { account }) => account.listPackages(key));
    const { environment } = connection;
    return { ...(await this.packages.replace(connection, found)), stale: false, environment };
  }
}

/** One error for every cause: the package picker can only say that the list is unavailable. */
function noList(failure: VendorFailure): DomainError {
  const { retryAfterSeconds } = asDomainError(failure);
  const message = `The packages could not be loaded. ${failure.message}`;
  return new DomainError('unavailable', 'vendor_unreachable', message, {}, retryAfterSeconds ?? freshSeconds);
}

@QueryHandler(FindPackage)
export class FindPackageHandler implements IQueryHandler<FindPackage, PackageFacts | null> {
  constructor(private readonly catalogue: PackageCatalogue) {}

  async execute({ teamId, vendor, packageId }: FindPackage): Promise<PackageFacts | null> {
    const { packages } = await this.catalogue.list(teamId, vendor, { refresh: false });
    return packages.find(({ id }) => id === packageId) ?? null;
  }
}

/** The packages to choose from: active ones, and inactive ones that a plan still names. */
export class ListPackages {
  constructor(
    readonly caller: Caller,
    readonly vendor: string,
    readonly refresh: boolean,
  ) {}
}

@QueryHandler(ListPackages)
export class ListPackagesHandler implements IQueryHandler<ListPackages, PackageList> {
  constructor(
    private readonly catalogue: PackageCatalogue,
    private readonly attached: AttachedPackages,
  ) {}

  async execute({ caller, vendor, refresh }: ListPackages): Promise<PackageList> {
    if (!mayChoose(caller)) caller.require('view_packages');
    const list = await this.catalogue.list(caller.teamId, vendor, { refresh });
    if (list.packages.every(({ active }) => active)) return list;
    const attached = new Set(await this.attached.idsOf(caller.teamId, vendor));
    return { ...list, packages: list.packages.filter(({ id, active }) => active || attached.has(id)) };
  }
}

/** Anyone who may edit a plan or send a check on at least one job. */
const mayChoose = (caller: Caller): boolean =>
  [undefined, ...caller.grants.keys()].some((jobId) => caller.can('view_packages', jobId));
