import { Controller, Get, Query, Res, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Caller } from '#kernel/caller';
import { CurrentCaller, NeedsScope } from '#platform/auth/requires';
import { NamedWord } from '#platform/http/named-word';
import { MayBeAbsent } from '#platform/http/text';
import { Refuses } from '#platform/http/refuses';
import { vendorRefusals } from '../../../contract.js';
import { notEnabled } from '../../domain/errors.js';
import { KnownVendor, vendorInPath } from '../../../gateway/application/known-vendor.js';
import { ListPackages, type PackageList } from '../../application/packages.js';

class PackagesQuery {
  @ApiPropertyOptional({ description: 'Read the list from the vendor now instead of using one of the last 60 seconds' })
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  @MayBeAbsent()
  refresh?: boolean;
}

class PackageResponse {
  @ApiProperty({ description: "The vendor's own id" }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'Inactive packages are listed only while a plan uses them' }) active!: boolean;
}

@ApiTags('Integrations')
@ApiBearerAuth()
@UseGuards(KnownVendor)
@ApiParam(vendorInPath)
@Controller('integrations/:vendor/packages')
export class PackagesController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'listPackages', summary: 'List the packages of a vendor' })
  @NeedsScope('integrations:read')
  @Refuses(['forbidden', 'not_allowed'], notEnabled(''), ...vendorRefusals)
  @ApiOkResponse({
    type: [PackageResponse],
    headers: {
      'X-Fetched-At': {
        description: 'When the list was read from the vendor',
        schema: { type: 'string', format: 'date-time' },
      },
      'X-Environment': {
        description: 'The environment of checks that are sent now',
        schema: { type: 'string', enum: ['production', 'sandbox'] },
      },
      'X-Stale': { description: '`true`: the vendor is unreachable', schema: { type: 'string' } },
    },
  })
  async list(
    @CurrentCaller() caller: Caller,
    @NamedWord('vendor') vendor: string,
    @Query() query: PackagesQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PackageResponse[]> {
    const listed = await this.queries.execute<ListPackages, PackageList>(
      new ListPackages(caller, vendor, query.refresh ?? false),
    );
    const { packages, fetchedAt, stale, environment } = listed;
    void reply.header('x-fetched-at', fetchedAt.toISOString());
    void reply.header('x-environment', environment);
    if (stale) void reply.header('x-stale', 'true');
    return packages.map(({ id, name, active }) => ({ id, name, active }));
  }
}
