import { Body, Controller, Get, Injectable, type PipeTransform, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiBody,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsObject, ValidateNested } from 'class-validator';
import { Caller, type JobPermission, jobPermissions } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { CurrentCaller, Requires } from '#platform/auth/requires';
import { IdInPath, IsId } from '#platform/http/ids';
import { ContractValidation } from '#platform/http/validation';
import { Versioned } from '#platform/http/version.interceptor';
import { ReplacePermissions } from '../../application/replace-permissions.js';
import { JobPermissionsView, type PermissionView } from '../../views/job-permissions.js';

class PermissionFields implements PermissionView {
  @IsId() user_id!: Id;

  @IsArray()
  @ArrayMaxSize(jobPermissions.length)
  @IsIn(jobPermissions, { each: true })
  @ApiProperty({ enum: jobPermissions, isArray: true })
  permissions!: JobPermission[];
}

/** The most users whom one request names. */
const mostEntries = 1000;

class PermissionListRequest {
  @IsArray()
  @ArrayMaxSize(mostEntries)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PermissionFields)
  body!: PermissionFields[];
}

/** The body is a bare list, but validation needs an object, so the list becomes a field of one. */
@Injectable()
class BareList implements PipeTransform<unknown, Promise<PermissionFields[]>> {
  async transform(body: unknown): Promise<PermissionFields[]> {
    const metadata = { type: 'body', metatype: PermissionListRequest } as const;
    const { body: entries } = (await new ContractValidation().transform({ body }, metadata)) as PermissionListRequest;
    return entries;
  }
}

@ApiTags('Jobs')
@ApiBearerAuth()
@Controller('jobs/:id/permissions')
export class PermissionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly permissions: JobPermissionsView,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listJobPermissions', summary: 'List who has rights on a job' })
  @Versioned('job_permissions')
  @Requires('manage_job_permissions', 'job')
  @ApiOkResponse({ type: [PermissionFields] })
  async list(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<PermissionView[]> {
    return this.permissions.of(caller.teamId, id);
  }

  @Put()
  @ApiOperation({ operationId: 'replaceJobPermissions', summary: 'Replace the rights of users on a job' })
  @Versioned('job_permissions')
  @Requires('manage_job_permissions', 'job', 'permissions.replace')
  @ApiExtraModels(PermissionFields)
  @ApiBody({
    schema: { type: 'array', maxItems: mostEntries, items: { $ref: getSchemaPath(PermissionFields) } },
  })
  @ApiOkResponse({ type: [PermissionFields] })
  async replace(
    @CurrentCaller() caller: Caller,
    @IdInPath() id: Id,
    @Body(BareList) body: PermissionFields[],
  ): Promise<PermissionView[]> {
    const grants = body.map(({ user_id, permissions }) => ({
      userId: user_id,
      permissions: [...new Set(permissions)],
    }));
    await this.commands.execute(new ReplacePermissions(caller, id, grants));
    return this.list(caller, id);
  }
}
