import { applyDecorators, Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { ContractValidation } from '#platform/http/validation';
import { AnyOf } from '#platform/http/filters';
import { EmailAddress, MayBeAbsent, SearchText, ShortText } from '#platform/http/text';
import {
  ImportedFields,
  type StatedApplication,
  type StatedCandidate,
  type StatedJob,
} from '../../application/imported-fields.js';
import { applicationStatuses, type ApplicationStatus, type JobStatus, jobStatuses } from '../../contract.js';

/** The fields of records from outside, both for single HTTP requests and for the lines of an import. */
export class JobFields {
  @ShortText() @ApiProperty() name!: string;
  @ShortText() @IsOptional() @ApiProperty({ type: String, nullable: true, required: false }) requisition_id?:
    string | null;
  @IsBoolean() @MayBeAbsent() @ApiProperty({ required: false }) confidential?: boolean;
  @IsIn(jobStatuses) @MayBeAbsent() @ApiProperty({ enum: jobStatuses, required: false }) status?: JobStatus;
}

/** The record's id in another system. An import finds records by it. */
export const ExternalIdField = (): PropertyDecorator =>
  applyDecorators(
    ShortText(),
    IsOptional(),
    ApiProperty({ type: String, nullable: true, required: false, description: externalId }),
  );
const externalId = 'Its id in another system: unique in the team among its kind. Spaces around it are left out.';

/** The filter by that id. */
export const ExternalIdFilter = (): PropertyDecorator =>
  applyDecorators(AnyOf(), SearchText(true), ApiProperty({ type: [String], required: false }));

/** Of answers. */
export const ExternalIdResponse = (): PropertyDecorator =>
  ApiProperty({ type: String, nullable: true, description: 'Its id in another system' });

class Primary {
  @IsBoolean() @MayBeAbsent() @ApiProperty({ required: false }) is_primary?: boolean;
}

/** An address that a person types. It must be deliverable. */
export class EmailFields extends Primary {
  @EmailAddress() @ApiProperty() value!: string;
}

/** An address from another system. An import brings history, and a wrong address must not lose it. */
class ImportedEmailFields extends Primary {
  @ShortText(320) value!: string;
}

export class PhoneFields {
  @ShortText(64) @ApiProperty() value!: string;
}

/** A short list of objects. */
const Several = (type: new () => object): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(20),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(() => type),
    MayBeAbsent(),
    ApiProperty({ type: [type], required: false }),
  );

class PersonFields {
  @ShortText() @ApiProperty() first_name!: string;
  @ShortText() @ApiProperty() last_name!: string;
  @Several(PhoneFields) phone_numbers?: PhoneFields[];
}

export class CandidateFields extends PersonFields {
  @Several(EmailFields) email_addresses?: EmailFields[];
}

class ImportedCandidateFields extends PersonFields {
  @Several(ImportedEmailFields) email_addresses?: ImportedEmailFields[];
}

class ApplicationFields {
  @ShortText() candidate!: string;
  @ShortText() job!: string;
  @IsIn(applicationStatuses) @MayBeAbsent() status?: ApplicationStatus;
}

/** A body that must have its required fields states them; one that changes a record may leave out any. */
type DetailsOf<T, Stated> = T extends JobFields | PersonFields ? Stated : Partial<Stated>;

/** Only the stated fields. A field that is left out keeps its value or takes the default. */
const stated = <T extends object>(details: Partial<T>): Partial<T> =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)) as Partial<T>;

interface Identified {
  external_id?: string | null;
}

const identity = ({ external_id }: Identified): { externalId?: string | null } => ({
  externalId: typeof external_id === 'string' ? external_id.trim() : external_id,
});

export const jobDetails = <T extends Partial<JobFields> & Identified>(fields: T) => {
  const { name, requisition_id, status, confidential } = fields;
  const details = { name, requisitionId: requisition_id, status, confidential, ...identity(fields) };
  return stated(details) as DetailsOf<T, StatedJob>;
};

export const candidateDetails = <T extends Partial<ImportedCandidateFields> & Identified>(fields: T) =>
  stated({
    ...identity(fields),
    firstName: fields.first_name,
    lastName: fields.last_name,
    emailAddresses: fields.email_addresses?.map(({ value, is_primary }) => ({
      value: value.trim(),
      is_primary: is_primary ?? false,
    })),
    phoneNumbers: fields.phone_numbers?.map(({ value }) => ({ value: value.trim() })),
  }) as DetailsOf<T, StatedCandidate>;

/** Applies the rules of the API to the lines of an import. */
@Injectable()
export class ValidatedFields extends ImportedFields {
  async job(fields: Record<string, unknown>): Promise<StatedJob> {
    return jobDetails(await checked(fields, JobFields));
  }

  async candidate(fields: Record<string, unknown>): Promise<StatedCandidate> {
    return candidateDetails(await checked(fields, ImportedCandidateFields));
  }

  application(fields: Record<string, unknown>): Promise<StatedApplication> {
    return checked(fields, ApplicationFields);
  }
}

async function checked<T>(fields: Record<string, unknown>, metatype: new () => T): Promise<T> {
  return (await new ContractValidation().transform(fields, { type: 'body', metatype })) as T;
}
