import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import type { VendorPackage } from '../../../gateway/domain/vendor-terms.js';
import type { Connection } from '../../domain/connection.js';
import { type KnownPackages, Packages } from '../../domain/packages.js';

interface KnownRow {
  fetched_at: Date | string;
  age_seconds: number;
  packages: VendorPackage[];
}

@Injectable()
export class PostgresPackages extends Packages {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
  }

  async lastKnown({ teamId, id }: Connection): Promise<(KnownPackages & { ageSeconds: number }) | null> {
    const row = await this.database.first(sql<KnownRow>`
      select c.packages_fetched_at as fetched_at,
             extract(epoch from clock_timestamp() - c.packages_fetched_at)::float8 as age_seconds,
             coalesce((select json_agg(json_build_object('id', p.id, 'name', p.name, 'active', p.active) order by p.position)
                       from integrations.package p where p.team_id = c.team_id and p.connection_id = c.id), '[]') as packages
      from integrations.connection c
      where c.team_id = ${teamId} and c.id = ${id} and c.packages_fetched_at is not null`);
    return row && { packages: row.packages, fetchedAt: new Date(row.fetched_at), ageSeconds: row.age_seconds };
  }

  async replace({ teamId, id }: Connection, packages: VendorPackage[]): Promise<KnownPackages> {
    return this.unitOfWork.run(async () => {
      // This statement comes first: its row lock serialises replicas that store the list at the same time.
      const row = await this.database.first(sql<{ fetched_at: Date | string }>`
        update integrations.connection set packages_fetched_at = clock_timestamp()
        where team_id = ${teamId} and id = ${id} returning packages_fetched_at as fetched_at`);
      await this.database.affected(sql`
        delete from integrations.package where team_id = ${teamId} and connection_id = ${id}`);
      await this.database.affected(sql`
        insert into integrations.package (team_id, connection_id, id, name, active, position)
        select ${teamId}::uuid, ${id}::uuid, p.value ->> 'id', p.value ->> 'name', (p.value ->> 'active')::boolean, p.ordinality
        from jsonb_array_elements(${JSON.stringify(packages)}::jsonb) with ordinality as p`);
      return { packages, fetchedAt: new Date(row?.fetched_at ?? Date.now()) };
    });
  }
}
