/**
 * What the guardian runs, in the words of POSIX `sh`. Arguments: the stamp of the manager. On stdin come two lines, with the file to state in what it has done,
 * and the folder of the cgroups, each of which may be empty; then `+PID START GRACE` for each group (its leader, when that has begun by the kernel, seconds between the signals), `-PID` when it has ended, and `bye`. An end without that means that the manager is gone.
 *
 * A group is signalled as long as its leader is the one that was told, by pid and start time; everything else is found by its stamp. Where there is no `/proc`, there
 * are only the groups.
 */
export const guardianScript: string = `
trap '' HUP INT QUIT TERM PIPE
stamp=$1 groups=' ' grace=0 proc= ended=' '
[ -r /proc/self/stat ] && proc=1
IFS= read -r record
IFS= read -r cgroups

while read -r word start seconds; do
  case $word in
    bye) exit 0 ;;
    +*)
      groups="$groups\${word#+}:$start "
      [ -z "$cgroups" ] || echo "\${word#+}" 2>/dev/null >"$cgroups/\${word#+}/cgroup.procs"
      [ "$seconds" -gt "$grace" ] && grace=$seconds
      ;;
    -*)
      id=\${word#-}
      case $groups in *" $id:"*)
        after=\${groups#*" $id:"}
        groups="\${groups%%" $id:"*} \${after#* }"
        ;;
      esac
      ;;
  esac
done

# Sets group and begun of a process that lives.
look() {
  read -r line < "/proc/$1/stat" || return 1
  set -- \${line##*) }
  [ $# -ge 20 ] || return 1
  # The first thread of a process may end before the others.
  case $1 in Z | X) [ "\${18}" -gt 1 ] || return 1 ;; esac
  group=$3
  shift 19
  begun=$1
}

# What kill takes: groups with a minus.
survivors() {
  for one in $groups; do
    id=\${one%%:*}
    if [ -z "$proc" ]; then
      kill -s 0 -- "-$id" && echo "-$id"
    else
      look "$id" && [ "$begun" = "\${one#*:}" ] && echo "-$id"
    fi
  done
  [ -n "$proc" ] || return 0
  [ -z "$cgroups" ] || cat "$cgroups"/*/cgroup.procs
  for file in $(grep -lsaF -e "PROMPTBIN_STAMP=$stamp" /proc/[0-9]*/environ); do
    id=\${file#/proc/}
    look "\${id%/environ}" && echo "\${id%/environ} -$group"
  done
}

signal() {
  for one in $(survivors); do
    kill -s "$1" -- "$one"
    case $ended in *" \${one#-} "*) ;; *) ended="$ended\${one#-} " ;; esac
  done
}

# What has left everything else, and what is forked meanwhile.
end_cgroups() {
  for one in "$cgroups"/*/cgroup.kill; do [ -e "$one" ] && echo 1 >"$one"; done
}

# In one step, for the next manager.
state() {
  umask 077
  {
    echo "manager \${stamp%%.*}"
    echo "ended$ended"
    echo "left" $(survivors)
  } >"$record.new" && mv -f "$record.new" "$record"
}

pause() {
  sleep 0.1 || sleep 1
}

signal TERM
signal CONT
turns=0
while [ -n "$(survivors)" ] && [ "$turns" -lt $((grace * 10)) ]; do
  pause
  turns=$((turns + 1))
done
# A child that was being made when the manager vanished has its environment only later: so it is looked for until there
# has been nothing for a while.
turns=0 quiet=0
while [ "$quiet" -lt 20 ] && [ "$turns" -lt 100 ]; do
  if [ -n "$(survivors)" ]; then
    signal KILL
    [ -z "$cgroups" ] || end_cgroups
    quiet=0
  fi
  pause
  turns=$((turns + 1)) quiet=$((quiet + 1))
done
[ -z "$cgroups" ] || rmdir "$cgroups"/* "$cgroups"
[ -z "$record" ] || [ "$ended" = ' ' ] || state
`;
