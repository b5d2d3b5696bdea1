/**
 * Endpoints that take the place of AWS's own, as the SDK finds them: in the environment, else in the AWS configuration files
 * (AWS SDKs and Tools Reference Guide, "Service-specific endpoints").
 */
import { loadSharedConfigFiles } from '@smithy/core/config';

export interface Endpoint {
  readonly url: string;
  /** The setting that names it, as advice calls it. */
  readonly setting: string;
}

/** Finds a service's endpoint by the name that variables have for it, for example `S3_CONTROL`. */
export type Endpoints = (service: string) => Endpoint | undefined;

type Section = Readonly<Record<string, string | undefined>>;

/** The endpoints of the environment and of the profile that the SDK uses. */
export async function configuredEndpoints(): Promise<Endpoints> {
  const name = process.env.AWS_PROFILE || 'default';
  // The SDK reads the same files anyway, and keeps them. A broken file is the credentials' to report.
  const { configFile, credentialsFile } = await loadSharedConfigFiles().catch(() => ({
    configFile: {} as Record<string, Section>,
    credentialsFile: {} as Record<string, Section>,
  }));
  const profile: Section = { ...credentialsFile[name], ...configFile[name] };
  const services: Section = configFile[`services.${profile.services}`] ?? {};
  return (service) => endpointOf(service, process.env, profile, services, name);
}

function endpointOf(
  service: string,
  env: Section,
  profile: Section,
  services: Section,
  name: string,
): Endpoint | undefined {
  if (isTrue(env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS)) return undefined;
  for (const setting of [`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL']) {
    const url = env[setting];
    if (url) return { url, setting };
  }
  if (isTrue(profile.ignore_configured_endpoint_urls)) return undefined;
  const own = services[`${service.toLowerCase()}.endpoint_url`];
  if (own)
    return {
      url: own,
      setting: `endpoint_url of ${service.toLowerCase()} in services ${profile.services} of the AWS config file`,
    };
  const { endpoint_url: url } = profile;
  return url ? { url, setting: `endpoint_url of the profile ${name} in the AWS config file` } : undefined;
}

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true';
}
