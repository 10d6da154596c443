import { Controller, Get, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiOkResponse,
  ApiProperty,
  ApiPropertyOptional,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Caller } from '#kernel/caller';
import { CurrentCaller } from '#platform/auth/requires';
import { MayBeAbsent } from '#platform/http/text';
import { ListPackages, type PackageList } from '../../application/connecting/packages.js';

class PackagesQuery {
  @ApiPropertyOptional({ description: 'Ask Certn now instead of answering from a list of the last 60 seconds' })
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  @MayBeAbsent()
  refresh?: boolean;
}

class PackageResponse {
  @ApiProperty({ description: "Certn's own id" }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'Inactive ones are listed only while a plan names them' }) active!: boolean;
}

@ApiTags('Certn connection')
@ApiBearerAuth()
@Controller('certn_packages')
export class CertnPackagesController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOkResponse({
    type: [PackageResponse],
    headers: {
      'X-Fetched-At': { description: 'When Certn was asked', schema: { type: 'string', format: 'date-time' } },
      'X-Environment': {
        description: 'Where a check that is sent now goes',
        schema: { type: 'string', enum: ['production', 'sandbox'] },
      },
      'X-Stale': { description: '`true`: Certn cannot be asked just now', schema: { type: 'string' } },
    },
  })
  @ApiConflictResponse({ description: 'integration_not_enabled' })
  @ApiServiceUnavailableResponse({ description: 'certn_unreachable, and there is no earlier list' })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: PackagesQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PackageResponse[]> {
    const listed = await this.queries.execute<ListPackages, PackageList>(
      new ListPackages(caller, query.refresh ?? false),
    );
    const { packages, fetchedAt, stale, environment } = listed;
    void reply.header('x-fetched-at', fetchedAt.toISOString());
    void reply.header('x-environment', environment);
    if (stale) void reply.header('x-stale', 'true');
    return packages.map(({ id, name, active }) => ({ id, name, active }));
  }
}
