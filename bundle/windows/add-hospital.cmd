@echo off
rem Describes a hospital by one of its files, which may be dragged onto this one.
rem
rem A dragged file whose name holds no blank comes without quotes: of C:\a^&b.csv the interpreter makes
rem the parameter C:\a and a command b.csv for later. So no parameter is read here: the step gets the
rem whole line as Windows wrote it, and the hard exit below leaves nothing to be run afterwards.
setlocal EnableExtensions DisableDelayedExpansion
title ed-hotspots: add a hospital
set "EDH=%ED_HOTSPOTS_HOME%"
if not defined EDH set "EDH=%USERPROFILE%\ed-hotspots"
if not exist "%EDH%\program\Scripts\python.exe" goto missing
rem What stands between exclamation marks is put in after the line was taken apart.
setlocal EnableDelayedExpansion
set "ED_HOTSPOTS_CALLED=!cmdcmdline!"
"!EDH!\program\Scripts\python.exe" -E -s "!EDH!\program\steps\add_hospital.py"
set "RC=!ERRORLEVEL!"
if "!RC!"=="0" exit 0
if "!RC!"=="1" exit 1
if "!RC!"=="2" exit 2
echo STOPPED: the program ended with code !RC!. If Python was removed or replaced on this computer, run
echo install.cmd again. Nothing is lost.
pause
exit !RC!

:missing
echo STOPPED: ed-hotspots is not installed for you. Run install.cmd first.
pause
exit 2
