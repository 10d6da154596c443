import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { type AccessLevel, Caller, publicCapabilities, type PublicCapability } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import { CurrentCaller } from '#platform/auth/requires';
import { AdminNotices, type AdminNotice, noticeKinds } from '../../views/admin-notices.js';
import { People } from '../../views/people.js';
import { AccessLevelField, NamedDto } from './person.dto.js';

class NoticeResponse implements AdminNotice {
  @ApiProperty({ enum: noticeKinds }) kind!: AdminNotice['kind'];
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({
    type: NamedDto,
    description: 'The user who was linked to or unlinked from a candidate, or became an admin',
  })
  user!: NamedDto;
  @ApiProperty({ type: NamedDto, nullable: true }) by!: NamedDto | null;
}

class MeResponse extends NamedDto {
  @ApiProperty() email!: string;
  @AccessLevelField() access_level!: AccessLevel;
  @ApiProperty({ type: NamedDto }) team!: NamedDto;
  @ApiProperty({ enum: publicCapabilities, isArray: true }) capabilities!: PublicCapability[];
  @ApiProperty({ type: [NoticeResponse], description: 'Of the last 30 days, newest first; for admins only' })
  notices!: NoticeResponse[];
}

@ApiTags('Users')
@ApiBearerAuth()
@Controller('me')
export class MeController {
  constructor(
    private readonly people: People,
    private readonly notices: AdminNotices,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'getMe', summary: 'Read the signed-in user' })
  @ApiOkResponse({ type: MeResponse })
  async me(@CurrentCaller() caller: Caller): Promise<MeResponse> {
    const oneself = await this.people.oneself(caller.teamId, caller.user.id);
    if (!oneself) throw notFound();
    const { id, name } = caller.user;
    const { email, team } = oneself;
    const notices = await this.notices.of(caller);
    return { id, name, email, access_level: caller.level, team, capabilities: caller.capabilities(), notices };
  }
}
