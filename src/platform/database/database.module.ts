import { MikroOrmModule } from '@mikro-orm/nestjs';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { type DynamicModule, Module } from '@nestjs/common';
import { UnitOfWork } from '#kernel/ports';
import { Settings } from '../config/settings.js';
import type { ContextSchema } from './context-schema.js';
import { Database } from './database.js';
import { scopedOrmOptions } from './orm-options.js';
import { PostgresUnitOfWork } from './unit-of-work.js';

@Module({})
export class DatabaseModule {
  static forSchemas(schemas: ContextSchema[]): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        MikroOrmModule.forRootAsync({
          driver: PostgreSqlDriver,
          inject: [Settings],
          useFactory: ({ databaseUrl, databaseShares }: Settings) => ({
            ...scopedOrmOptions(databaseUrl, schemas, databaseShares),
            registerRequestContext: false,
          }),
        }),
      ],
      providers: [Database, { provide: UnitOfWork, useClass: PostgresUnitOfWork }],
      exports: [Database, UnitOfWork],
    };
  }
}
