import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Equals, IsString, Length } from 'class-validator';
import { ActivityKind, type ItemContent, type PlanPlace } from '../../domain/activity-kind.js';
import { choosePackage, ConnectionState, Packages } from '../../domain/packages.js';
import type { Activity } from '../activity.js';

const type = 'certn_background_check';
const shownAs = { type: 'background_check', vendor: 'certn' } as const;
/** Its display name, in every plan. The specification fixes it to the letter. */
const displayName = 'Send Certn background check';
const packageRule = { message: 'choose the Certn package that this activity sends' };

class CertnCheckChangeBody {
  @ApiProperty({ minLength: 1, maxLength: 255, description: 'The package that it orders.' })
  @Length(1, 255, packageRule)
  @IsString(packageRule)
  package_id!: string;
}

class NewCertnCheckBody extends CertnCheckChangeBody {
  @ApiProperty({ enum: [shownAs.type] })
  @Equals(shownAs.type)
  type!: typeof shownAs.type;

  @ApiProperty({ type: String, description: 'The vendor that it is ordered from: an id as in paths.' })
  @Equals(shownAs.vendor, { message: 'choose the vendor of this activity' })
  vendor!: typeof shownAs.vendor;
}

@Injectable()
class CertnCheckKind extends ActivityKind<NewCertnCheckBody, CertnCheckChangeBody> {
  constructor(
    private readonly connection: ConnectionState,
    private readonly packages: Packages,
  ) {
    super();
  }

  /** Only while the team is connected. */
  override isOffered(teamId: string): Promise<boolean> {
    return this.connection.isConnected(teamId);
  }

  async create({ teamId }: PlanPlace, { package_id }: NewCertnCheckBody): Promise<ItemContent> {
    const chosen = await choosePackage(this.connection, this.packages, teamId, package_id);
    return { name: displayName, package: chosen, configuration: null };
  }

  async change({ teamId }: PlanPlace, { package_id }: CertnCheckChangeBody) {
    const chosen = await choosePackage(this.connection, this.packages, teamId, package_id);
    return (present: ItemContent): ItemContent => ({ ...present, package: chosen });
  }
}

/** Orders a background check of its package. Checks that were sent before keep theirs. */
export const certnBackgroundCheck: Activity = {
  type,
  shownAs,
  label: 'Certn background check',
  NewItem: NewCertnCheckBody,
  ItemChange: CertnCheckChangeBody,
  Kind: CertnCheckKind,
};
