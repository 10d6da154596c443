import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { type AccessLevel, Caller, publicCapabilities, type PublicCapability } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import { CurrentCaller } from '#platform/auth/requires';
import { People } from '../../views/people.js';
import { AccessLevelField, NamedDto } from './person.dto.js';

class MeResponse extends NamedDto {
  @ApiProperty() email!: string;
  @AccessLevelField() access_level!: AccessLevel;
  @ApiProperty({ type: NamedDto }) team!: NamedDto;
  @ApiProperty({ enum: publicCapabilities, isArray: true }) capabilities!: PublicCapability[];
}

@ApiTags('Users')
@ApiBearerAuth()
@Controller('me')
export class MeController {
  constructor(private readonly people: People) {}

  @Get()
  @ApiOkResponse({ type: MeResponse })
  async me(@CurrentCaller() caller: Caller): Promise<MeResponse> {
    const oneself = await this.people.oneself(caller.teamId, caller.user.id);
    if (!oneself) throw notFound();
    const { id, name } = caller.user;
    const { email, team } = oneself;
    return { id, name, email, access_level: caller.level, team, capabilities: caller.capabilities() };
  }
}
