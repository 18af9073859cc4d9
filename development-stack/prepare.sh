# What ./demo and ./benchmark need before they start, sourced by both from the project's folder: a machine that can run
# the embedded stack, MySQL, the jars. MODULES names what is built, RUN the target folder of the program that is run.

problem() {
  echo "$1" >&2
  exit 1
}

readonly CACHE="${OUTBOX_SYNC_CACHE:-$HOME/.cache/outbox-sync}"
readonly JAVA="${JAVA_HOME:+$JAVA_HOME/bin/}java"

check_system() {
  [[ "$(uname -sm)" == "Linux x86_64" ]] ||
    problem "The embedded stack runs on Linux x86_64 only, and this is $(uname -sm): use ./demo --compose instead."
}

check_java() {
  command -v "${JAVA}c" > /dev/null ||
    problem "A JDK, 17 or newer, is needed: sudo apt-get install openjdk-17-jdk-headless, or set JAVA_HOME to one."
  local version
  version=$("$JAVA" -XshowSettings:properties -version 2>&1 | sed -n 's/.*java\.specification\.version = //p')
  [[ "${version%%.*}" -ge 17 ]] ||
    problem "A JDK, 17 or newer, is needed, and $JAVA is Java $version: set JAVA_HOME to a newer one."
  command -v mvn > /dev/null ||
    problem "Maven 3.8 or newer is needed: sudo apt-get install maven."
}

# Free mebibytes where the folder is, or will be.
free_mib() {
  local folder="$1"
  until [[ -d "$folder" ]]; do folder=$(dirname "$folder"); done
  df -Pm "$folder" | awk 'NR == 2 { print $4 }'
}

check_disk() {
  local folder="$1" needed="$2"
  local free
  free=$(free_mib "$folder")
  [[ "$free" -ge "$needed" ]] ||
    problem "Too little disk for $folder: $free MiB are free and $needed MiB are needed. Make room, and start again."
}

mysql_is_there() { [[ -e "$CACHE/mysql-8.0.33/complete" ]]; }

fetch_mysql() {
  mysql_is_there && return
  check_disk "$CACHE" 900
  check_disk "$HOME/.m2" 900
  cat <<EOF
This downloads, once:
  MySQL 8.0.33                  553 MB  from Maven's repository to your local one, unpacked to $CACHE
  libraries and Maven plugins   200 MB  from Maven's repository to your local one, as far as they are not there
  libaio1, libnuma1              <1 MB  from your distribution's archive to $CACHE, if the system lacks them
EOF
  mkdir -p -m 700 .stack
  mvn -Dorg.slf4j.simpleLogger.defaultLogLevel=warn --projects development-stack initialize 2>&1 |
    tee .stack/fetch.log | show_progress ||
    { grep -a -m 5 '^\[ERROR\]' .stack/fetch.log >&2 || true
      problem "MySQL could not be fetched: see .stack/fetch.log. Starting ./demo again goes on from there."; }
}

# Of all that Maven says while it downloads, how far the one large file has come.
show_progress() {
  local text shown=""
  while IFS= read -r -d $'\r' text; do
    if [[ -t 1 && "$text" =~ Progress.*\ ([0-9]+)(\.[0-9])?/(5[0-9][0-9])\ MB ]]; then
      printf '\r  %3d of %d MB' "${BASH_REMATCH[1]}" "${BASH_REMATCH[3]}"
      shown=yes
    fi
  done
  [[ -z "$shown" ]] || echo
}

# Every build writes these anew: what is newer than one of them has not been built yet.
is_built() {
  local module built jar
  for module in "${MODULES[@]}"; do
    built="$module/target/$module-app.jar"
    [[ "$module" != development-stack && "$module" != benchmarks ]] || built="$RUN/classpath"
    [[ -e "$built" ]] || return 1
    [[ -z "$(find pom.xml ./*/pom.xml ./*/src sql \( -path '*/src/test' -o -path '*/target' \) -prune \
      -o -newer "$built" -print -quit)" ]] || return 1
  done
  while read -r jar; do
    [[ -e "$jar" ]] || return 1
  done < <(tr ':' '\n' < "$RUN/classpath")
}

build() {
  is_built && return
  check_disk . 500
  mkdir -p -m 700 .stack
  echo "Building (the whole output is in .stack/build.log) ..."
  local projects
  projects=$(IFS=,; echo "${MODULES[*]}")
  mvn --batch-mode --projects "$projects" --also-make -Dmaven.test.skip=true -Dspotless.check.skip=true \
    -Dmysql.unpack.skip=true package \
    | tee .stack/build.log | sed -un 's/^\[INFO\] Building \([a-z-]*\) .*\[\(.*\)\]$/  \2 \1/p' ||
    { grep -m 20 '^\[ERROR\]' .stack/build.log >&2 || true; problem "The build failed: see .stack/build.log."; }
  touch "$RUN/classpath"
}

# A build would take the jars away from under the services that run from them.
check_alone() {
  local pid
  pid=$(cat .stack/run/stack.lock 2> /dev/null) || return 0
  ! grep -aqs DevelopmentStack "/proc/$pid/cmdline" ||
    problem "A stack runs here already (process $pid): end it with Ctrl-C where it runs, or with \`kill $pid\`."
}
