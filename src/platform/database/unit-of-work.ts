import { EntityManager } from '@mikro-orm/postgresql';
import { RequestContext } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#kernel/ports';

/** One database transaction with an identity map of its own; a unit inside a unit joins it. */
@Injectable()
export class PostgresUnitOfWork extends UnitOfWork {
  constructor(private readonly em: EntityManager) {
    super();
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.em.isInTransaction()) return work();
    return RequestContext.create(this.em, () => this.em.transactional(work));
  }
}
