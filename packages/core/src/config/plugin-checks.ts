import type { ResolvedProcess } from '../contract/config.ts';
import type { PluginMistake, PluginReport } from '../contract/plugin.ts';
import { messageOf } from '../errors/error.ts';
import type { Path, Report } from './issues.ts';
import { subjectOf } from './path.ts';
import type { ResolvedPlugins } from './plugins.ts';

/** Asks each plugin what is wrong with a config that nothing else is wrong with. */
export function checkByPlugins(
  { known, places }: ResolvedPlugins,
  processes: Readonly<Record<string, ResolvedProcess>>,
  report: Report,
): void {
  for (const { plugin, options } of known) {
    const { name } = plugin;
    const place = places.get(name) ?? ['plugins'];
    const tell = (base: Path, { path = [], problem, hint }: PluginMistake, code?: 'PB_PLUGIN_OPTIONS'): void => {
      const at = [...base, ...path];
      report(at, `${subjectOf(at)} ${problem}.`, { hint, ...(code && { code }) });
    };
    const reports: PluginReport = {
      field: (process, mistake) => tell(['processes', process, name], mistake),
      option: (mistake) => tell(place, mistake, 'PB_PLUGIN_OPTIONS'),
    };
    const concerned = Object.values(processes).map((settings) => ({ settings, fields: settings.fields[name] }));
    try {
      plugin.check?.({ options, processes: concerned }, reports);
    } catch (fault) {
      report(place, `${subjectOf(place)} cannot check the config: ${messageOf(fault)}.`, { code: 'PB_PLUGIN_INVALID' });
    }
  }
}
